import { expect, test } from 'vitest';
import { detectPurpose } from '../purpose/index.ts';
import { createRandom } from '../random.ts';
import { numericColumn } from '../table/table.ts';
import { chooseValidation } from '../validation/index.ts';
import { coarseNumbers } from './coarse-numbers.ts';

const random = createRandom(1);
const noise = Float64Array.from({ length: 60 }, () => random.nextNormal());

test.each<[string, (value: number) => number, string | undefined]>([
  ['small numbers', (value) => value, undefined],
  ['a column of one value', () => 1e9, undefined],
  ['days in milliseconds', (value) => 1.7e12 + 864e5 * value, undefined],
  ['a little around a billion', (value) => 1e9 + value, 'in steps of 64'],
  ['beyond the largest float32', (value) => (value > 0 ? 1e300 : 1), 'values are infinite'],
  ['below the smallest', (value) => 1e-300 * value, '60 values are 0'],
])('%s', (_, written, loss) => {
  const column = numericColumn('a', noise.map(written));
  const finding = coarseNumbers.check({
    features: { rowCount: 60, columns: [column] },
    purposes: [detectPurpose(column)],
    target: { task: 'regression', y: noise },
    validation: chooseValidation({ rowCount: 60, classes: undefined, seed: 0 }),
    featurized: true,
    settings: { imputations: {} },
    seed: 0,
  });
  expect(finding?.result).toBe(loss === undefined ? 'passed' : 'alerted');
  if (loss !== undefined) expect(finding?.parameters).toEqual([{ column_name: 'a', loss: expect.stringContaining(loss) }]);
});
