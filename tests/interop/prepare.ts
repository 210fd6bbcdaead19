/**
 * Makes the two Python environments that the interop suite needs, once: `.venv-interop/azure` and `.venv-interop/mlflow3`.
 * A machine without Python or without the package index goes without: the suite then says what it skips.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '..', '..');

for (const [name, requirements] of [
  ['azure', 'requirements.txt'],
  ['mlflow3', 'requirements-mlflow3.txt'],
] as const) {
  const folder = join(root, '.venv-interop', name);
  const wanted = readFileSync(join(here, requirements), 'utf8');
  const stamp = join(folder, 'requirements.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
  rmSync(folder, { recursive: true, force: true });
  const python = join(folder, 'bin', 'python');
  const made =
    run('python3', '-m', 'venv', folder) &&
    // uv: pip's own resolver takes minutes over these, and of some versions of pip fails.
    run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv') &&
    run(python, '-m', 'uv', 'pip', 'install', '--quiet', '--python', python, '-r', join(here, requirements));
  if (made) writeFileSync(stamp, wanted);
  else {
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(`The Python environment "${name}" could not be made: its tests will be skipped.\n`);
  }
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}
