/** Runs after `npm pack` in a package's own folder: the repository's `package.json` is put back, and what was compiled is removed. */
import { copyFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keptManifest } from './packages.ts';

const folder = process.cwd();
copyFileSync(keptManifest(folder), join(folder, 'package.json'));
for (const made of [dirname(keptManifest(folder)), join(folder, 'dist')]) rmSync(made, { recursive: true });
