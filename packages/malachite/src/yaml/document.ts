/** A YAML file as Azure's CLI v2 reads it: one document, YAML 1.1 words (`yes`, `off`), `--set path=value` on top. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { parse, parseAllDocuments } from 'yaml';
import { pythonYaml } from './python-yaml.ts';
import { Section } from './section.ts';

/** The root of a file: its fields, the folder that its relative paths start from, and what is to be said about it. */
export type YamlDocument = {
  readonly root: Section;
  readonly folder: string;
  /** One sentence for each field of Azure's that was read and is not honoured. Filled while the document is read. */
  readonly warnings: string[];
};

/** Reads a file. `settings` are `path=value` pairs of `--set`; their values are YAML too (`limits.max_trials=5`). */
export async function readYaml(path: string, settings: readonly string[] = []): Promise<YamlDocument> {
  const file = resolve(path);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new MalachiteError(
      'InvalidInput',
      `"${path}" cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}.`,
    );
  });
  return parseYaml(text, { name: basename(file), folder: dirname(file), settings });
}

/** The same, from text. */
export function parseYaml(
  text: string,
  { name = 'yaml', folder = process.cwd(), settings = [] }: { name?: string; folder?: string; settings?: readonly string[] } = {},
): YamlDocument {
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), pythonYaml);
  if (!Array.isArray(documents) || documents.length === 0) throw new MalachiteError('InvalidInput', `${name} is empty.`);
  const [document, another] = documents;
  if (another) throw new MalachiteError('InvalidInput', `${name} holds several YAML documents; one is expected.`);
  const broken = document?.errors[0];
  if (broken) throw new MalachiteError('InvalidInput', `${name} is no valid YAML: ${broken.message.split('\n')[0]}`);
  const value: unknown = document?.toJS() ?? null;
  if (value === null) throw new MalachiteError('InvalidInput', `${name} is empty.`);
  if (!isMapping(value))
    throw new MalachiteError('InvalidInput', `${name} must hold fields (name: value), not a list or a single value.`);
  for (const setting of settings) applySetting(value, setting);
  const warnings: string[] = [];
  return { root: new Section(value, { file: name, path: '', warnings }), folder, warnings };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function applySetting(root: Record<string, unknown>, setting: string): void {
  const equals = setting.indexOf('=');
  if (equals < 1)
    throw new MalachiteError('InvalidInput', `--set takes path=value, such as limits.max_trials=5; not "${setting}".`);
  const keys = setting.slice(0, equals).split('.');
  const last = keys.pop() as string;
  let target = root;
  for (const key of keys) {
    if (['__proto__', 'constructor', 'prototype'].includes(key))
      throw new MalachiteError('InvalidInput', `--set cannot reach "${key}".`);
    const next = Object.hasOwn(target, key) ? target[key] : undefined;
    if (next !== undefined && !isMapping(next)) {
      throw new MalachiteError('InvalidInput', `Cannot use '--set' on properties defined by reference strings: --set ${setting}`);
    }
    target[key] = next ?? {};
    target = target[key] as Record<string, unknown>;
  }
  Object.defineProperty(target, last, {
    value: parse(setting.slice(equals + 1), pythonYaml) as unknown,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
