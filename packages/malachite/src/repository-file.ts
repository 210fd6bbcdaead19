/** Files of the repository that the program reads: the sample data, the coverage page. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The path of a file that is named from the repository's root: there, or beside the program where Malachite is installed.
 * `scripts/packaging/stage.ts` lists those that are published.
 */
export function repositoryFile(path: string): string {
  const installed = fileURLToPath(new URL(path, import.meta.url));
  return existsSync(installed) ? installed : fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
