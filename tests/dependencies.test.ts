/** Holds the direction of dependencies: who may import whom, that all is declared, and that core stays pure. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What the program of each package may import of the others; tests may also import what their package declares for development. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  onnx: ['core'],
  automl: ['core', 'onnx'],
  scoring: ['core', 'onnx'],
  'adapter-local': ['core', 'onnx', 'automl', 'scoring'],
  'adapter-http': ['core'],
  'adapter-azure': ['core'],
  server: ['core'],
  malachite: ['core', 'onnx', 'automl', 'scoring', 'adapter-local', 'adapter-http', 'adapter-azure', 'server'],
};

type Manifest = {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
};
type Source = {
  /** From the root of the repository. */
  readonly file: string;
  readonly isTest: boolean;
  readonly text: string;
  /** Modules that are imported or exported from. */
  readonly modules: readonly string[];
  /** These, and files that are named by their address beside the source: `new URL('./worker.ts', import.meta.url)`. */
  readonly imports: readonly string[];
};

const packages = readdirSync(join(root, 'packages'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name: folder }) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest;
    return { folder, manifest, sources: sourcesOf(join(root, 'packages', folder)) };
  });

describe('the direction of dependencies', () => {
  it('knows every package', () => {
    expect(packages.map(({ folder }) => folder).toSorted()).toEqual(Object.keys(mayImport).toSorted());
    for (const { folder, sources } of packages) expect(sources.length, `source files of ${folder}`).toBeGreaterThan(0);
  });

  it.each(packages)('lets $folder import only what lies below it', ({ folder, sources }) => {
    const allowed = (mayImport[folder] ?? []).map((name) => `@malachite/${name}`);
    const wrong = sources
      .filter(({ isTest }) => !isTest)
      .flatMap(({ file, imports }) =>
        imports
          .filter((name) => isOurs(name) && !allowed.includes(packageOf(name)) && packageOf(name) !== `@malachite/${folder}`)
          .map((name) => `${file} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it.each(packages)('has everything that $folder imports declared in its package.json', ({ folder, manifest, sources }) => {
    const program = { ...manifest.dependencies, ...manifest.peerDependencies };
    const tests = { ...program, ...manifest.devDependencies, vitest: 'of the root' };
    const undeclared = sources.flatMap(({ file, isTest, imports }) =>
      imports
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !name.startsWith(`@malachite/${folder}`))
        .filter((name) => !(packageOf(name) in (isTest ? tests : program)))
        .map((name) => `${file} imports ${name}`),
    );
    expect(undeclared).toEqual([]);
  });

  it.each(packages)(
    'keeps the files of $folder to themselves: no path leads into another package, fixtures or bench',
    ({ folder, sources }) => {
      const home = join(root, 'packages', folder);
      const outside = sources
        .filter(({ isTest }) => !isTest)
        .flatMap(({ file, imports }) =>
          imports
            .filter((name) => name.startsWith('.') && relative(home, resolve(root, dirname(file), name)).startsWith('..'))
            .map((name) => `${file} imports ${name}`),
        );
      expect(outside).toEqual([]);
      // Tests may read a fixture as data, by its address; nobody imports one.
      const intoFolders = sources.flatMap(({ file, modules }) =>
        modules.filter((name) => /(^|\/)(fixtures|bench)\//.test(name)).map((name) => `${file} imports ${name}`),
      );
      expect(intoFolders).toEqual([]);
    },
  );
});

describe('core', () => {
  const program = packages.find(({ folder }) => folder === 'core')?.sources.filter(({ isTest }) => !isTest) ?? [];

  it('imports nothing but TypeBox', () => {
    const others = program.flatMap(({ file, imports }) =>
      imports.filter((name) => !name.startsWith('.') && packageOf(name) !== 'typebox').map((name) => `${file} imports ${name}`),
    );
    expect(others).toEqual([]);
  });

  it('does no input or output', () => {
    const reaching = program.filter(({ text }) =>
      /\b(fetch\(|process\.|console\.|globalThis\.|WebSocket\b|require\()/.test(text),
    );
    expect(reaching.map(({ file }) => file)).toEqual([]);
  });
});

describe('the reading of imports', () => {
  it('sees every form, and none in a comment', () => {
    const text = `
      /** import { a } from 'in-a-comment'; */
      // import 'in-a-line';
      import one from 'one';
      import type { Two } from "two";
      import {
        three,
      } from './three.ts';
      import './four.css';
      export * from 'five/sub';
      const six = await import('six');
      new Worker(new URL('./seven.ts', import.meta.url));
      import manifest from '../package.json' with { type: 'json' };
      const url = 'http://eight'; import nine from 'nine';
    `;
    expect(addressesIn(withoutComments(text))).toEqual(['./seven.ts']);
    expect(modulesIn(withoutComments(text))).toEqual([
      'one',
      'two',
      './three.ts',
      './four.css',
      'five/sub',
      'six',
      '../package.json',
      'nine',
    ]);
  });
});

function sourcesOf(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split('/')
          .some((part) => part === 'node_modules' || part === 'assets' || part === 'dist'),
    )
    .map((path) => {
      const text = withoutComments(readFileSync(path, 'utf8'));
      // Tests, the files beside them that only tests use, and scripts that make files of the tree.
      const isTest = /(\.test\.ts|\/test-[^/]*|\/(testing|scripts)\/.*)$/.test(path);
      const modules = modulesIn(text);
      return { file: relative(root, path), isTest, text, modules, imports: [...modules, ...addressesIn(text)] };
    });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function modulesIn(text: string): string[] {
  return named(text, /(?:(?:^|;)\s*(?:import|export)\s(?:[^'"`;]*\sfrom\s*)?|\bimport\s*\(\s*)(['"])([\w@./-]+)\1/gm);
}

function addressesIn(text: string): string[] {
  return named(text, /\bnew URL\(\s*(['"])(\.[\w@./-]*)\1/g);
}

function named(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].map((match) => match[2] as string);
}

const isOurs = (name: string) => name.startsWith('@malachite/') || name === 'malachite';
/** `@malachite/core/contract` is of `@malachite/core`, `typebox/value` of `typebox`. */
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
