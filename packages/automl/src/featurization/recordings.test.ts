/** Our features beside those that Azure ML's engine made from the same tables (facts that the repository does not hold). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringColumn } from '../table/table.ts';
import { datePartsOf } from './date-parts.ts';

const folder = new URL('../../../../../shared/engine/featurization/', import.meta.url);
const recorded = existsSync(folder);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

describe.skipIf(!recorded)(`Azure ML's recorded featurization${recorded ? '' : ' (skipped: ../shared is not there)'}`, () => {
  it('makes the same ten numbers, of the same names, from a date', () => {
    const { input, names, pipeline } = read('dates_and_hash.json').date_features as {
      input: string[];
      names: string[];
      pipeline: number[][];
    };
    const column = stringColumn('when', input);
    const featurizer = datePartsOf(new Map(), true);
    const rows = Int32Array.from({ length: input.length }, (_, row) => row);
    const { numeric } = featurizer.transform(featurizer.fit([column], rows), { rowCount: input.length, columns: [column] });
    expect(numeric.map(({ name }) => name)).toEqual(names);
    pipeline.forEach((expected, row) => {
      expect(numeric.map(({ values }) => values[row])).toEqual(expected);
    });
  });
});
