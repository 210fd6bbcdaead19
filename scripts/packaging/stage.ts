/** Puts a package together as it is published. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { entriesOf, publishedManifest } from './manifest.ts';
import { type Package, root } from './packages.ts';
import { namesIn, toJavaScriptNames } from './specifiers.ts';

/** What `repositoryFile` of package malachite finds beside the compiled program. */
const repositoryFiles = [
  'docs/coverage.md',
  'fixtures/bank-marketing/bank-marketing-synthetic.csv',
  'fixtures/bank-marketing/next-month.csv',
  'fixtures/public-data.json',
];

/**
 * Writes the package to `folder`: `package.json` as it is published, `dist` with the modules that its entries reach and the files those
 * read, and what `files` names. `folder` may be the package's own.
 *
 * @param build what `compile` filled
 * @throws Error when a module names a file that would not be published
 */
export function stage(of: Package, build: string, folder: string): void {
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const published = ['package.json', 'LICENSE', 'README.md', ...(of.manifest.files ?? [])];
  if (folder !== of.folder) {
    for (const file of published.filter((each) => existsSync(join(of.folder, each)))) {
      cpSync(join(of.folder, file), join(folder, file), { recursive: true, filter: (path) => !path.includes('__pycache__') });
    }
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(of.manifest), null, 2)}\n`);
  for (const file of reached(entriesOf(of.manifest), join(build, of.name, 'src'), join(of.folder, 'src'), published)) {
    mkdirSync(dirname(join(dist, file.path)), { recursive: true });
    if (file.text === undefined) cpSync(join(of.folder, 'src', file.path), join(dist, file.path));
    else writeFileSync(join(dist, file.path), file.text);
  }
  if (of.name === 'malachite') for (const file of repositoryFiles) cpSync(join(root, file), join(dist, file));
}

/** A file of `dist`; with a text when it was compiled. */
type Reached = { readonly path: string; readonly text?: string };

/** Walks from the entries over every import and address. Tests and what only they use are not reached. */
function reached(entries: readonly string[], compiled: string, source: string, published: readonly string[]): Reached[] {
  const modules = new Set(entries);
  const files: Reached[] = [];
  const assets = new Set<string>();
  for (const module of modules) {
    for (const extension of ['.js', '.d.ts']) {
      const text = toJavaScriptNames(readFileSync(join(compiled, module + extension), 'utf8'));
      files.push({ path: module + extension, text });
      for (const name of namesIn(text)) {
        const path = posix.join(posix.dirname(module), name);
        if (path.endsWith('.js') && existsSync(join(compiled, path))) modules.add(path.slice(0, -'.js'.length));
        else if (!path.startsWith('..') && existsSync(join(source, path))) assets.add(path);
        else if (!published.some((each) => !relative(posix.join('..', each), path).startsWith('..'))) {
          throw new Error(`${module} names "${name}", which is not published: name it in "files" of package.json.`);
        }
      }
    }
  }
  return [...files, ...[...assets].map((path) => ({ path }))];
}
