/** A table's file as two: four fifths to learn from, a fifth that no run sees. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../../packages/automl/src/random.ts';

/**
 * @param split 0 takes every fifth row for the test, any other number a random fifth of its own.
 * @param prefix The paths of both files begin so.
 */
export function writeSplit(file: string, split: number, prefix: string): { readonly train: string; readonly test: string } {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const places = Int32Array.from(lines.keys());
  const order = split === 0 ? places.toSorted((a, b) => (a % 5) - (b % 5) || a - b) : createRandom(split).shuffle(places);
  const held = new Set(order.subarray(0, Math.ceil(lines.length / 5)));
  const [train, test] = [`${prefix}-train.csv`, `${prefix}-test.csv`];
  writeFileSync(train, [header, ...lines.filter((_, i) => !held.has(i))].join('\n'));
  writeFileSync(test, [header, ...lines.filter((_, i) => held.has(i))].join('\n'));
  return { train, test };
}
