/** A server in a home of its own, and programs that are given nothing but the variables of `malachite env`. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const root = resolve(import.meta.dirname, '..', '..');
const bin = join(root, 'packages', 'malachite', 'bin', 'malachite.js');
const exec = promisify(execFile);

/** The interpreter of one of the suite's environments, or undefined when it was not made. */
export function interpreter(name: 'azure' | 'mlflow3'): string | undefined {
  const python = join(root, '.venv-interop', name, 'bin', 'python');
  return existsSync(join(root, '.venv-interop', name, 'requirements.txt')) ? python : undefined;
}

export const whyNot = 'its Python environment is not there: npm run test:interop makes it';

/** What `malachite up --detach` prints. */
type Up = { readonly url: string; readonly pid: number; readonly azure_url: string };

export type Served = {
  readonly home: string;
  /** What `malachite env --dotenv` prints. */
  readonly variables: Readonly<Record<string, string>>;
  /** Runs a program with these variables; its output, or an error that holds it. */
  run(command: string, args: readonly string[], more?: Readonly<Record<string, string>>): Promise<string>;
  /** `kill -9` of the server, and a new one on the same ports and the same home. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
};

/** @param variables More of them for the server, such as `MALACHITE_PYTHON`. */
export async function serve(variables: Readonly<Record<string, string>> = {}): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), 'malachite-interop-'));
  const environment = { ...process.env, ...variables, MALACHITE_HOME: join(home, 'home') };
  const malachite = (...args: string[]) => exec(process.execPath, [bin, ...args], { env: environment });
  const up = async (port: string, azurePort: string) =>
    JSON.parse((await malachite('up', '--detach', '--port', port, '--azure-port', azurePort, '-o', 'json')).stdout) as Up;
  let running = await up('0', '0');
  const { stdout } = await malachite('env', '--github');
  const printed = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return {
    home,
    variables: printed,
    async run(command, args, more = {}) {
      const env = { PATH: process.env.PATH ?? '', HOME: home, ...printed, ...more };
      try {
        const { stdout: out, stderr } = await exec(command, [...args], { env, cwd: home, maxBuffer: 1 << 26 });
        return out + stderr;
      } catch (error) {
        const { stdout: out = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`${command} ${args[0]} failed:\n${(out + stderr).slice(-6000)}`);
      }
    },
    async killAndRestart() {
      process.kill(running.pid, 'SIGKILL');
      running = await up(new URL(running.url).port, new URL(running.azure_url).port);
    },
    async close() {
      await malachite('down');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
