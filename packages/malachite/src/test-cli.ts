/** Real CLI processes for tests. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/malachite.js', import.meta.url));

export const fixture = (path: string): string => fileURLToPath(new URL(`../../../fixtures/${path}`, import.meta.url));

export type Answer = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Cli = {
  readonly home: string;
  /** Runs a command to its end. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Answer>;
  /** The result of a command that must succeed. */
  json<T>(...args: string[]): Promise<T>;
  /** Starts a command that stays. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
  /** Ends the server, if one runs, and removes the home. */
  remove(): Promise<void>;
};

/** A CLI with a home folder of its own and no other setting of Malachite's in its environment. */
export async function testCli(): Promise<Cli> {
  const home = await mkdtemp(join(tmpdir(), 'malachite-cli-'));
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('MALACHITE_'));
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawn(process.execPath, [bin, ...args], {
      env: { ...Object.fromEntries(clean), MALACHITE_HOME: home, ...env },
      stdio: 'pipe',
    });
  const run = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Answer> => {
    const child = start(args, env);
    child.stdin.end();
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { code: code as number | null, stdout, stderr };
  };
  return {
    home,
    run,
    start: (args) => start(args),
    async json<T>(...args: string[]) {
      const { code, stdout, stderr } = await run([...args, '-o', 'json']);
      if (code !== 0) throw new Error(`malachite ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout === '' ? 'null' : stdout) as T;
    },
    async remove() {
      await run(['down']);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What a process has said on stdout or stderr once `words` appear in it. Fails when it ends before. */
export function heard(child: ChildProcessWithoutNullStreams, stream: 'stdout' | 'stderr', words: string): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child[stream].on('data', (chunk) => {
      said += String(chunk);
      if (said.includes(words)) resolve(said);
    });
    child.once('exit', () => reject(new Error(`The process ended before it said "${words}": ${said}`)));
  });
}
