/** Featurization by flags: what a YAML job says in its `featurization` block, for `malachite automl`. */
import { blockableTransformers, type FeatureType, type Featurization, featureTypes, MalachiteError } from '@malachite/core';
import type { Flag, Flags } from '../cli/flags.ts';
import { didYouMean } from '../nearest.ts';
import { parseYaml } from '../yaml/document.ts';
import { readTransformerParams } from '../yaml/featurization.ts';
import { listed } from './listed.ts';

export const featurizationFlags: readonly Flag[] = [
  {
    flags: '--featurization <mode>',
    describe: 'auto; off: columns are numbers and are read as they are; custom: auto, changed by the flags below. Default auto.',
  },
  { flags: '--drop-columns <names>', describe: 'Columns to leave out, with commas between them.' },
  {
    flags: '--column-types <types>',
    describe: `What columns are, such as zip=Categorical,opened=DateTime. Types: ${featureTypes.join(', ')}.`,
  },
  { flags: '--blocked-transformers <names>', describe: `Any of ${blockableTransformers.join(', ')}.` },
  {
    flags: '--transformer-params <yaml>',
    describe: "As in a YAML job, such as '{imputer: [{fields: [age], parameters: {strategy: median}}]}'.",
  },
];

/** @throws MalachiteError `InvalidInput` naming the flag, what is wrong and what is allowed. */
export function readFeaturizationFlags(flags: Flags): Featurization | undefined {
  const mode = flags.word('featurization', ['auto', 'off', 'custom']);
  const dropColumns = listed(flags, 'drop-columns');
  const blockedTransformers = listed(flags, 'blocked-transformers')?.map((name) =>
    oneOf('blocked-transformers', name, blockableTransformers),
  );
  const columnNameAndTypes = readColumnTypes(flags);
  const transformerParams = readTransformers(flags);
  const read = { mode, dropColumns, blockedTransformers, columnNameAndTypes, transformerParams };
  return Object.values(read).every((field) => field === undefined) ? undefined : read;
}

function readColumnTypes(flags: Flags): Record<string, FeatureType> | undefined {
  const pairs = listed(flags, 'column-types')?.map((pair): [string, FeatureType] => {
    const at = pair.lastIndexOf('=');
    if (at < 1) throw new MalachiteError('InvalidInput', `--column-types takes pairs such as zip=Categorical; not "${pair}".`);
    return [pair.slice(0, at), oneOf('column-types', pair.slice(at + 1), featureTypes)];
  });
  return pairs === undefined ? undefined : Object.fromEntries(pairs);
}

function readTransformers(flags: Flags): Featurization['transformerParams'] {
  const text = flags.text('transformer-params');
  return text === undefined ? undefined : readTransformerParams(parseYaml(text, { name: '--transformer-params' }).root);
}

function oneOf<const W extends readonly string[]>(flag: string, given: string, words: W): W[number] {
  const found = words.find((word) => word.toLowerCase() === given.toLowerCase());
  if (found !== undefined) return found;
  throw new MalachiteError('InvalidInput', `--${flag}: "${given}" is none of ${words.join(', ')}.${didYouMean(given, words)}`);
}
