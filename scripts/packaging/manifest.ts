/** What a package's `package.json` says once it is published: plain JavaScript with types, and nothing about how it is made. */
import type { Manifest, Names } from './packages.ts';

/** Without flags these have `node:sqlite`, type stripping for scoring scripts, and `tls.setDefaultCACertificates`. */
export const engines = { node: '^22.19.0 || >=24.5.0' };

export function publishedManifest({ scripts, devDependencies, ...manifest }: Manifest): object {
  return {
    ...manifest,
    exports: mapped(manifest.exports, (file) => ({ types: `${compiled(file)}.d.ts`, default: `${compiled(file)}.js` })),
    ...(manifest.imports && { imports: mapped(manifest.imports, (file) => `${compiled(file)}.js`) }),
    files: ['dist', ...(manifest.files ?? [])],
    engines,
  };
}

/** The modules that are reached from outside, without extension and relative to `src`. */
export function entriesOf({ exports, imports = {} }: Manifest): string[] {
  return [...Object.values(exports), ...Object.values(imports)].map((file) => compiled(file).replace('./dist/', ''));
}

/** `./src/index.ts` -> `./dist/index`. */
function compiled(file: string): string {
  const [, path] = /^\.\/src\/(.+)\.ts$/.exec(file) ?? [];
  if (path === undefined) throw new Error(`package.json names "${file}", which is no TypeScript file of ./src.`);
  return `./dist/${path}`;
}

function mapped<T>(names: Names, to: (file: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(names).map(([name, file]) => [name, to(file)]));
}
