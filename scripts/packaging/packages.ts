/** The packages of this repository, as their folders and manifests tell. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const root = dirname(dirname(import.meta.dirname));

export type Names = Readonly<Record<string, string>>;

/** What packaging reads of a `package.json`; whatever else is there is published as it stands. */
export type Manifest = {
  readonly name: string;
  readonly version: string;
  /** By subpath, each a TypeScript file: `./src/index.ts`. */
  readonly exports: Names;
  /** Modules under a name that only the package itself can use, as `exports`. */
  readonly imports?: Names;
  /** What is published beside `dist`. */
  readonly files?: readonly string[];
  readonly bin?: Names;
  readonly scripts?: Names;
  readonly devDependencies?: Names;
};

export type Package = {
  /** Of the folder in `packages/`. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
};

export function openPackage(name: string): Package {
  const folder = join(root, 'packages', name);
  return { name, folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
}

export function allPackages(): Package[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => openPackage(name));
}

/** Where the repository's `package.json` waits while a package is packed in its own folder; git-ignored, and not published. */
export function keptManifest(folder: string): string {
  return join(folder, 'out', 'package.json');
}
