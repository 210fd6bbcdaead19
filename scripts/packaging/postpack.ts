/** Runs after `npm pack` in a package's own folder: the repository's `package.json` is put back. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';

renameSync(join(process.cwd(), 'dist', 'package.repository.json'), join(process.cwd(), 'package.json'));
