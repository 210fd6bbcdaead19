/** The contract of a workspace as a test file of a few lines, in vitest, node:test or Jest. */
import { type Supports, supportsAll, type Workspace } from '@malachite/core';
import { type Harness, type Runner, type Send, workspaceContract } from '@malachite/core/contract';

type Run = () => Promise<void>;
type Describe = (name: string, cases: () => void) => unknown;
type Skip = { skip(name: string, run: Run): unknown };

/** Of vitest or Jest. */
export type VitestFunctions = {
  readonly describe: Describe;
  readonly it: ((name: string, run: Run, timeoutMs: number) => unknown) & Skip;
  readonly beforeAll: (run: Run, timeoutMs: number) => unknown;
  readonly afterAll: (run: Run, timeoutMs: number) => unknown;
};

/** Of node:test, which waits for as long as it takes. */
export type NodeTestFunctions = {
  readonly describe: Describe;
  readonly it: ((name: string, run: Run) => unknown) & Skip;
  readonly before: (run: Run) => unknown;
  readonly after: (run: Run) => unknown;
};

export type Contract = Pick<Harness, 'open' | 'reopen'> & {
  /** Of the workspace, in the names of the tests. */
  readonly name: string;
  /** Default: everything. */
  readonly supports?: Supports;
  /** Default: the workspace's own `close`. */
  close?(workspace: Workspace): Promise<void>;
};

/** For one case; the slowest wait for jobs and endpoints. */
const caseTimeoutMs = 120_000;

/**
 * Declares the tests that hold a workspace to the contract of all workspaces, those that Malachite's own adapters pass.
 *
 *     import * as test from 'node:test'; // or 'vitest'
 *     import { contract } from 'malachite/contract';
 *     contract(test, { name: 'mine', open: () => openMyWorkspace() });
 *
 * @param test the functions of the test runner; the module itself will do
 */
export function contract(
  test: VitestFunctions | NodeTestFunctions,
  { supports = supportsAll, close = closeOwn, ...harness }: Contract,
): void {
  workspaceContract({ ...harness, supports, close, send, test: runnerOf(test) });
}

function runnerOf(test: VitestFunctions | NodeTestFunctions): Runner {
  const { describe, it } = test;
  const shared: Pick<Runner, 'describe' | 'skip'> = {
    describe: (name, cases) => void describe(name, cases),
    skip: (name) => void it.skip(name, async () => undefined),
  };
  if ('before' in test) {
    return {
      ...shared,
      it: (name, run) => void test.it(name, run),
      beforeAll: (run) => void test.before(run),
      afterAll: (run) => void test.after(run),
    };
  }
  return {
    ...shared,
    it: (name, run) => void test.it(name, run, caseTimeoutMs),
    beforeAll: (run) => void test.beforeAll(run, caseTimeoutMs),
    afterAll: (run) => void test.afterAll(run, caseTimeoutMs),
  };
}

const closeOwn = (workspace: Workspace): Promise<void> => workspace.close();

const send: Send = async (uri, { method, headers, body }) => {
  const response = await fetch(uri, { method, ...(headers && { headers }), ...(body !== undefined && { body }) });
  return { status: response.status, body: await response.text() };
};
