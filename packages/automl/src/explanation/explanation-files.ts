/** An explanation in the files that Azure ML keeps with the best run, as `azureml-interpret` clients read them. */

import type { Explanation } from '@malachite/core';
import type { Target } from '../learners/learner.ts';

export type ExplanationFilesInput = {
  readonly explanation: Explanation;
  readonly target: Target;
  /** The raw columns in the table's order; default: in the order of the explanation. */
  readonly featureNames?: readonly string[];
};

/** Azure splits long lists into blocks of this many features, at most three. */
const blockSize = 100;
const mostBlocks = 3;

/**
 * File contents (JSON values) by path: `explanation/<id>/features.interpret.json`, `classes` for classification, and the blocks of
 * `global_names`, `global_values` and `global_rank` (places in `features`), most important first. The id is eight hexadecimal digits
 * that follow from the content. There are no per-class and no local values: permutation importance does not give them.
 */
export function explanationFiles({ explanation, target, featureNames }: ExplanationFilesInput): Record<string, unknown> {
  const ranked = explanation.features;
  const features = featureNames ?? ranked.map(({ name }) => name);
  const globals = {
    global_names: ranked.map(({ name }) => name),
    global_rank: ranked.map(({ name }) => features.indexOf(name)),
    global_values: ranked.map(({ importance }) => importance),
  };
  const shown = Math.min(ranked.length, blockSize * mostBlocks);
  const blockCount = Math.ceil(shown / blockSize);
  const folder = `explanation/${contentId([features, globals.global_values])}`;
  const files: Record<string, unknown> = { [`${folder}/features.interpret.json`]: features };
  const metadata: Record<string, unknown> = { features: { name: 'features' } };
  if (target.task === 'classification') {
    files[`${folder}/classes.interpret.json`] = target.classes;
    metadata.classes = { name: 'classes', num_classes: target.classes.length };
  }
  for (const [name, values] of Object.entries(globals)) {
    for (let block = 0; block < blockCount; block++) {
      files[`${folder}/${name}/${block}.interpret.json`] = values.slice(
        block * blockSize,
        Math.min(shown, (block + 1) * blockSize),
      );
    }
    metadata[name] = { name, max_num_blocks: mostBlocks, block_size: blockSize, num_features: shown, num_blocks: blockCount };
  }
  files[`${folder}/rich_metadata.interpret.json`] = metadata;
  return files;
}

/** FNV-1a of the JSON text, as eight hexadecimal digits. */
function contentId(content: unknown): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(content))) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
