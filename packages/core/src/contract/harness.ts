/** What the contract suite needs from whoever runs it: a test runner, a workspace, and a way to send a request. */
import type { Supports, Workspace } from '../workspace.ts';

/** The few words of a test runner; vitest's, node:test's and Jest's own functions fit. */
export type Runner = {
  describe(name: string, cases: () => void): void;
  it(name: string, run: () => Promise<void>): void;
  /** Declares a case that does not run, so that it is seen. */
  skip(name: string): void;
  beforeAll(run: () => Promise<void>): void;
  afterAll(run: () => Promise<void>): void;
};

/** `it` where it is supported; elsewhere the case is declared as skipped, and its name says for want of what. */
export const where = ({ it, skip }: Runner, isSupported: boolean, what: string): Runner['it'] =>
  isSupported ? it : (name) => skip(`${name} (${what}: not supported)`);

export type Answer = { readonly status: number; readonly body: string };

/** Sends one HTTP request; rejects when nobody answers. */
export type Send = (
  uri: string,
  request: { readonly method: 'GET' | 'POST'; readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
) => Promise<Answer>;

export type Harness = {
  /** Of the adapter, as the report shows it. */
  readonly name: string;
  readonly test: Runner;
  /** What the adapter says it can do: the cases of what it cannot are skipped, and it must say so itself. */
  readonly supports: Supports;
  readonly send: Send;
  /** Milliseconds to wait for what happens soon after a call, such as a row in a log; default 20,000. Azure takes minutes. */
  readonly patienceMs?: number;
  /** Opens an empty workspace. */
  open(): Promise<Workspace>;
  /** Closes the workspace and opens it again over the same state; without it, the cases about that are skipped. */
  reopen?(workspace: Workspace): Promise<Workspace>;
  /** Ends everything that `open` started and removes what it made. */
  close(workspace: Workspace): Promise<void>;
};
