/** Tables of hundreds of columns and many classes: small graphs, the same answers. */
import { decodeModel } from '@malachite/onnx';
import { describe, expect, it } from 'vitest';
import type { LearnerParams, Target } from '../learners/learner.ts';
import { createRandom } from '../random.ts';
import { loadPredictor } from '../search/runtime.ts';
import { numericColumn, stringColumn, type Table } from '../table/table.ts';
import { exportPipeline, fitPipeline, type PipelineSpec, predictPipeline } from './index.ts';

const columnCount = 300;
const words = ['red', 'green', 'blue', 'black', 'white'];

/** Words in every column, with holes; `more` words that another table need not have. */
function wordTable(rowCount: number, seed: number, more: readonly string[] = []): Table {
  const random = createRandom(seed);
  const known = [...words, ...more];
  const word = () => (random.nextFloat() < 0.05 ? null : (known[random.nextInt(known.length)] as string));
  const columns = Array.from({ length: columnCount }, (_, j) => stringColumn(`t${j}`, Array.from({ length: rowCount }, word)));
  return { rowCount, columns };
}

function targetOf(table: Table, classCount: number): Target {
  const random = createRandom(5);
  const codes = table.columns[0]?.kind === 'string' ? table.columns[0].codes : new Int32Array(table.rowCount);
  const y = Int32Array.from(
    codes,
    (code) => (random.nextFloat() < 0.8 ? Math.max(0, code) : random.nextInt(classCount)) % classCount,
  );
  return { task: 'classification', classes: Array.from({ length: classCount }, (_, k) => `class ${k}`), y };
}

describe(`${columnCount} columns of words`, () => {
  it.each([
    ['LogisticRegression', 'StandardScalerWrapper', 2, columnCount + 50],
    ['LogisticRegression', 'StandardScalerWrapper', 7, columnCount + 120],
    ['ExtremeRandomTrees', '', 40, 2 * columnCount + 20],
    ['LightGBM', '', 2, 100],
  ])(
    '%s %s of %i classes: a graph of few nodes that answers as the trainer does',
    async (algorithm, preprocessor, classes, most) => {
      const table = wordTable(400, 1);
      const params: LearnerParams = algorithm === 'LogisticRegression' ? { max_iter: 20 } : { n_estimators: 5 };
      const fitted = fitPipeline({ table, target: targetOf(table, classes), spec: { algorithm, preprocessor, params }, seed: 1 });
      const { onnx } = exportPipeline(fitted);
      expect(decodeModel(onnx).graph?.node?.length).toBeLessThan(most);
      const predictor = await loadPredictor(onnx);
      try {
        for (const scored of [table, wordTable(60, 2, ['violet', ''])]) {
          const mine = predictPipeline(fitted, scored);
          const theirs = await predictor.predict(scored);
          expect(theirs).toHaveLength(mine.length);
          const largest = mine.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] as number))), 0);
          expect(largest).toBeLessThan(1e-5);
        }
      } finally {
        await predictor.close();
      }
    },
  );
});

it('600 whole numbers and fractions in turns: converted together, the same answers', async () => {
  const random = createRandom(7);
  const columns = Array.from({ length: 600 }, (_, j) => {
    const scale = j % 2 ? 1 : 0.37;
    return numericColumn(
      `n${j}`,
      Array.from({ length: 200 }, () => scale * (random.nextInt(90) + 10 * j)),
    );
  });
  const table = { rowCount: 200, columns };
  const y = Int32Array.from({ length: 200 }, (_, row) => (row + random.nextInt(2)) % 2);
  const target: Target = { task: 'classification', classes: ['a', 'b'], y };
  const specs: readonly PipelineSpec[] = [
    { algorithm: 'LightGBM', preprocessor: '', params: { n_estimators: 5, min_child_samples: 5 } },
    { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: { max_iter: 20 } },
  ];
  for (const spec of specs) {
    const fitted = fitPipeline({ table, target, spec, seed: 1 });
    const { onnx } = exportPipeline(fitted);
    expect(decodeModel(onnx).graph?.node?.length).toBeLessThan(60);
    const predictor = await loadPredictor(onnx);
    const theirs = await predictor.predict(table).finally(() => predictor.close());
    const mine = predictPipeline(fitted, table);
    expect(Math.max(...mine.map((value, i) => Math.abs(value - (theirs[i] as number))))).toBeLessThan(1e-5);
  }
});

it('columns of two numbers and of two words are compared together, the same answers with values that training did not see', async () => {
  const random = createRandom(9);
  const twoOf = (values: readonly (number | null)[]) => Array.from({ length: 200 }, () => values[random.nextInt(values.length)]);
  const columns = (more: readonly (number | null)[]) =>
    Array.from({ length: 90 }, (_, j) =>
      j % 3 === 2
        ? stringColumn(
            `w${j}`,
            twoOf([0, 1, ...more]).map((value) => (value == null ? null : `word ${value}`)),
          )
        : numericColumn(`n${j}`, twoOf([j, j + 5, ...more])),
    );
  const table = { rowCount: 200, columns: columns([]) };
  const y = Int32Array.from({ length: 200 }, () => random.nextInt(2));
  const spec: PipelineSpec = { algorithm: 'LogisticRegression', preprocessor: 'StandardScalerWrapper', params: { max_iter: 20 } };
  const fitted = fitPipeline({ table, target: { task: 'classification', classes: ['a', 'b'], y }, spec, seed: 1 });
  const { onnx } = exportPipeline(fitted);
  expect(decodeModel(onnx).graph?.node?.length).toBeLessThan(70);
  const predictor = await loadPredictor(onnx);
  try {
    for (const asked of [table, { rowCount: 200, columns: columns([null, 777]) }]) {
      const [mine, theirs] = [predictPipeline(fitted, asked), await predictor.predict(asked)];
      expect(Math.max(...mine.map((value, i) => Math.abs(value - (theirs[i] as number))))).toBeLessThan(1e-5);
    }
  } finally {
    await predictor.close();
  }
});
