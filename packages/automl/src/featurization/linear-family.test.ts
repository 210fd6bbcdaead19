/** What linear learners read beside what Azure ML's featurization makes: order where there is one, and words as they are. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { numericColumn, stringColumn, type Table } from '../table/table.ts';
import { fitFeaturization, transformFeatures } from './featurization.ts';
import { fitPreprocessor, transformPreprocessed } from './preprocessors.ts';

const rowCount = 400;
const rows = Int32Array.from({ length: rowCount }, (_, row) => row);

function table(): Table {
  const random = createRandom(3);
  const numbers = (below: number) => Array.from({ length: rowCount }, () => 1990 + random.nextInt(below));
  const words = Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: 6 }, () => `word${random.nextInt(40)}`)
      .concat(`row ${row}`)
      .join(' '),
  );
  return {
    rowCount,
    columns: [numericColumn('year', numbers(12)), numericColumn('rating', numbers(5)), stringColumn('note', words)],
  };
}

const purposes = {
  year: { purpose: 'Categorical' },
  rating: { purpose: 'Categorical' },
  note: { purpose: 'Text' },
} as const;

function planned(family: 'trees' | 'linear', byUser: boolean) {
  const given = { ...purposes, year: { ...purposes.year, byUser } };
  const { plans } = fitFeaturization({ table: table(), rows, family, purposes: given, task: 'regression' });
  return Object.fromEntries(plans.map(({ name, featurizers, told }) => [name, { featurizers: [...featurizers].sort(), told }]));
}

describe('whole numbers that Azure ML reads as categories', () => {
  it('are categories and a number to linear learners where they have many values; the summary tells what Azure makes', () => {
    expect(planned('linear', false)).toMatchObject({
      year: { featurizers: ['CharGramCountVectorizer', 'Imputer'], told: ['CharGramCountVectorizer'] },
      rating: { featurizers: ['CharGramCountVectorizer'] },
    });
  });

  it('are categories alone where the user calls them so', () => {
    expect(planned('linear', true)).toMatchObject({ year: { featurizers: ['CharGramCountVectorizer'] } });
  });
});

it('words keep their shares where numbers are scaled', () => {
  const fitted = fitFeaturization({ table: table(), rows, family: 'linear', purposes, task: 'regression' });
  const features = transformFeatures(fitted, table());
  const scaled = transformPreprocessed(fitPreprocessor('StandardScalerWrapper', features, rows), features);
  const of = (matrix: typeof features, raw: string) => matrix.numeric.filter((feature) => feature.raw === raw);
  expect(of(features, 'note').length).toBeGreaterThan(20);
  expect(of(scaled, 'note').map(({ values }) => values)).toEqual(of(features, 'note').map(({ values }) => values));
  const [year] = of(scaled, 'year');
  const deviation = Math.sqrt((year?.values ?? new Float32Array()).reduce((sum, value) => sum + value ** 2, 0) / rowCount);
  expect(deviation).toBeCloseTo(1, 5);
});
