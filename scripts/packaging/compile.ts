/** TypeScript to JavaScript with types, for every package at once. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Fills `folder` with `NAME/src/**` of every package, as `.js` and `.d.ts`. It only emits: `npm run check` is what checks.
 *
 * @throws Error with the compiler's words
 */
export function compile(folder: string): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'tsconfig.json'), '--outDir', folder], {
    stdio: 'inherit',
  });
}
