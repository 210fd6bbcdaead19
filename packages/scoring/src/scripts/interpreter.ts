/** What runs a scoring script: the user's own Python for `.py`, this Node for `.ts` and `.js`. */
import { stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MalachiteError } from '@malachite/core/errors';

export interface Interpreter {
  readonly command: string;
  readonly args: readonly string[];
}

const pythonStart = fileURLToPath(new URL('../../python/start.py', import.meta.url));
const nodeStart = fileURLToPath(new URL('./run-script.ts', import.meta.url));

/** Scripts of Node: JavaScript, and TypeScript whose types can be stripped. */
const nodeExtensions = new Set(['.ts', '.mts', '.js', '.mjs', '.cjs']);

/**
 * @param script its path
 * @param python an interpreter, or the folder of a virtual environment; `python3` of the path
 * @throws InvalidInput for a script of another kind, and for a Python that is not there
 */
export async function interpreterOf(script: string, python?: string): Promise<Interpreter> {
  const extension = extname(script);
  if (extension === '.py') return { command: await pythonCommand(python), args: [pythonStart] };
  if (nodeExtensions.has(extension))
    return { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', nodeStart] };
  throw new MalachiteError('InvalidInput', `A scoring script is a .py, .ts or .js file; "${script}" is none.`);
}

async function pythonCommand(python: string | undefined): Promise<string> {
  const onWindows = process.platform === 'win32';
  if (python === undefined) return onWindows ? 'python' : 'python3';
  const found = await stat(python).catch(() => undefined);
  if (found === undefined) {
    // A bare name is looked for in the path, when it is started.
    if (!/[/\\]/.test(python)) return python;
    throw new MalachiteError(
      'InvalidInput',
      `The Python "${python}" does not exist; give an interpreter or a virtual environment.`,
    );
  }
  // The script runs in a folder of its own, where a relative path would be another. No link is followed: it is the environment.
  const path = resolve(python);
  if (!found.isDirectory()) return path;
  const inside = onWindows ? join('Scripts', 'python.exe') : join('bin', 'python');
  if (await stat(join(path, inside)).catch(() => undefined)) return join(path, inside);
  throw new MalachiteError('InvalidInput', `The folder "${python}" is no virtual environment: it has no ${inside}.`);
}
