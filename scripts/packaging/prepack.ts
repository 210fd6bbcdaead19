/**
 * Runs before `npm pack` or `npm publish` in a package's own folder: compiles into `dist` and puts the published `package.json` in the
 * place of the repository's, which `postpack.ts` puts back.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { compile } from './compile.ts';
import { keptManifest, openPackage } from './packages.ts';
import { stage } from './stage.ts';

const folder = process.cwd();
const manifest = join(folder, 'package.json');
const kept = keptManifest(folder);
// A packing that was killed has left the published one there.
if (existsSync(kept)) copyFileSync(kept, manifest);
mkdirSync(dirname(kept), { recursive: true });
copyFileSync(manifest, kept);

const build = mkdtempSync(join(tmpdir(), 'malachite-prepack-'));
try {
  compile(build);
  stage(openPackage(basename(folder)), build, folder);
} finally {
  rmSync(build, { recursive: true, force: true });
}
