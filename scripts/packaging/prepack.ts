/**
 * Runs before `npm pack` or `npm publish` in a package's own folder: compiles into `dist` and puts the published `package.json` in the
 * place of the repository's, which `postpack.ts` puts back.
 */
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { compile } from './compile.ts';
import { openPackage } from './packages.ts';
import { stage } from './stage.ts';

const folder = process.cwd();
const manifest = join(folder, 'package.json');
const kept = join(folder, 'dist', 'package.repository.json');
// A packing that was killed has left the published one there.
if (existsSync(kept)) renameSync(kept, manifest);

const build = mkdtempSync(join(tmpdir(), 'malachite-prepack-'));
try {
  const original = join(build, 'package.json');
  copyFileSync(manifest, original);
  compile(build);
  stage(openPackage(basename(folder)), build, folder);
  copyFileSync(original, kept);
} finally {
  rmSync(build, { recursive: true, force: true });
}
