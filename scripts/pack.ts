/**
 * Packs every package as it is published, plain JavaScript with types, into a folder: `node scripts/pack.ts [FOLDER]`, default `dist`.
 * Prints the tarballs with their sizes. Nothing in `packages/` changes. (`npm pack` in one package's folder gives the same tarball.)
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compile } from './packaging/compile.ts';
import { allPackages, root } from './packaging/packages.ts';
import { stage } from './packaging/stage.ts';

type Packed = { readonly filename: string; readonly size: number; readonly unpackedSize: number; readonly entryCount: number };

const destination = resolve(process.argv[2] ?? join(root, 'dist'));
const work = mkdtempSync(join(tmpdir(), 'malachite-pack-'));
try {
  mkdirSync(destination, { recursive: true });
  compile(join(work, 'build'));
  const packages = allPackages();
  const staged = packages.map(({ name }) => join(work, 'staged', name));
  packages.forEach((each, i) => {
    stage(each, join(work, 'build'), staged[i] as string);
  });
  const answer = execFileSync('npm', ['pack', '--json', '--pack-destination', destination, ...staged], { cwd: work });
  for (const { filename, size, unpackedSize, entryCount } of JSON.parse(String(answer)) as Packed[]) {
    console.log(`${join(destination, filename)}  ${kB(size)} packed, ${kB(unpackedSize)} in ${entryCount} files`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function kB(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}
