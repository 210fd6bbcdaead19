/** The compiled evaluation against ONNX Runtime, on every real export that it takes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { servable } from '@malachite/onnx';
import { describe, expect, it } from 'vitest';
import { Batch } from '../model/batch.ts';
import { loadModel } from '../model/load-model.ts';
import { type Prediction, slicePrediction } from '../model/prediction.ts';
import { compile, type Program } from './program.ts';
import { largestDifference, probeBatch } from './prove.ts';
import { Unsupported } from './unsupported.ts';

const shared = new URL('../../../../../shared/', import.meta.url);
const engine = new URL('models/engine/', shared);
const fixtures = new URL('../../../../fixtures/models/', import.meta.url);
const real = ['bankmarketing_votingensemble.onnx', 'heart_failure_votingensemble.onnx', 'taxi_fare_regressor.onnx'];
const folders = existsSync(engine) ? readdirSync(engine, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];

/** Those that stay with the runtime, and the words that say why. */
const leftToRuntime: Readonly<Record<string, RegExp>> = {
  diabetes_knn: /fixed number of rows/,
  heart_bernoullinb: /fixed number of rows/,
  heart_svc: /SVMClassifier/,
  machine_decisiontree: /MurmurHash3/,
  machine_sgd: /MurmurHash3/,
  mixed_datetime64_lightgbm: /constant|Tokenizer/,
  mixed_linearsvm: /constant|Tokenizer/,
  mixed_regression_lightgbm: /constant|Tokenizer/,
  mixed_votingensemble: /constant|Tokenizer/,
};

/** Sums of linear models in another order than the runtime's: at values as extreme as a probe's, they are apart by more. */
const notProved = ['diabetes_pca_elasticnet', 'diabetes_sgd'];

async function differenceFromRuntime(file: URL): Promise<number> {
  const bytes = readFileSync(file);
  const model = await loadModel(bytes, { compiled: false });
  const found = servable(bytes);
  const difference = await largestDifference(compile(found), probeBatch(found.signature), model.run);
  await model.close();
  return difference;
}

/** Every row's numbers, in runs of that many rows. */
function inRunsOf(size: number, program: Program, batch: Batch): unknown[] {
  const found: unknown[] = [];
  for (let at = 0; at < batch.rows; at += size) {
    const to = Math.min(at + size, batch.rows);
    const part = program.run(batch, at, to) as Prediction;
    for (let row = 0; row < to - at; row++) found.push(slicePrediction(part, row, row + 1));
  }
  return found;
}

function expectSameBits(file: URL): void {
  const found = servable(readFileSync(file));
  const program = compile(found);
  const batch = probeBatch(found.signature);
  const alone = inRunsOf(1, program, batch);
  for (const size of [2, 7, 8, 9, 17, batch.rows]) expect(inRunsOf(size, program, batch)).toEqual(alone);
}

describe('models made by scikit-learn', () => {
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.onnx')))(
    '%s: a row gets the same bits alone and among any number of others',
    (name) => expectSameBits(new URL(name, fixtures)),
  );

  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.onnx')))('%s: as the runtime', async (name) => {
    expect(await differenceFromRuntime(new URL(name, fixtures))).toBeLessThan(1e-6);
  });
});

describe.skipIf(folders.length === 0)('exports of the Azure AutoML engine (skipped without ../shared)', () => {
  const names = folders.map(({ name }) => name).filter((name) => !notProved.includes(name));
  it.each(names.filter((name) => leftToRuntime[name] === undefined))('%s: as the runtime', async (name) => {
    expect(await differenceFromRuntime(new URL(`${name}/model.onnx`, engine))).toBeLessThan(1e-6);
  });

  it.each(Object.entries(leftToRuntime))('%s is left to the runtime', (name, why) => {
    const found = servable(readFileSync(new URL(`${name}/model.onnx`, engine)));
    expect(() => compile(found)).toThrow(Unsupported);
    expect(() => compile(found)).toThrow(why);
  });

  it.each(notProved)('%s is not proved, and so left to the runtime', async (name) => {
    const model = await loadModel(readFileSync(new URL(`${name}/model.onnx`, engine)));
    expect(model.evaluation).toMatch(/^ONNX Runtime: not compiled because of a difference of/);
    await model.close();
  });
});

describe.skipIf(!existsSync(shared))('real exports from Azure (skipped without ../shared)', () => {
  it.each(real)('%s: as the runtime', async (name) => {
    expect(await differenceFromRuntime(new URL(`models/${name}`, shared))).toBeLessThan(1e-6);
  });

  it.each(real)('%s: a row gets the same bits alone and among any number of others', (name) =>
    expectSameBits(new URL(`models/${name}`, shared)),
  );

  it('the bank marketing ensemble: the same labels and probabilities on thousands of real customers', async () => {
    const bytes = readFileSync(new URL('models/bankmarketing_votingensemble.onnx', shared));
    const found = servable(bytes);
    const model = await loadModel(bytes, { compiled: false });
    const [header = '', ...lines] = readFileSync(new URL('data/bankmarketing_train.csv', shared), 'utf8').trim().split(/\r?\n/);
    const rows = lines.slice(0, 5000).map((line) => line.split(','));
    const batch = new Batch(found.signature);
    batch.append({
      kind: 'columns',
      columns: new Map(header.split(',').map((name, c) => [name, rows.map((row) => row[c])])),
    });
    expect(await largestDifference(compile(found), batch, model.run)).toBeLessThan(1e-6);
    await model.close();
  });

  it('a text that the exporter uses as separator, and an integer beyond 2^53, are left to the runtime', () => {
    const found = servable(readFileSync(new URL('models/bankmarketing_votingensemble.onnx', shared)));
    const program = compile(found);
    const row = (age: unknown, job: unknown): Batch => {
      const batch = new Batch(found.signature);
      const columns = new Map<string, unknown[]>();
      for (const { name, elementType } of found.signature.inputs) columns.set(name, [elementType === 'string' ? 'x' : 1]);
      batch.append({ kind: 'columns', columns: columns.set('age', [age]).set('job', [job]) });
      return batch;
    };
    expect(program.run(row(41, 'technician'), 0, 1)?.labels).toHaveLength(1);
    expect(program.run(row(2n ** 60n + 1n, 'technician'), 0, 1)).toBeUndefined();
    expect(program.run(row(41, 'a_AA51DED7266648A79596883C0B90D67A_b'), 0, 1)).toBeUndefined();
  });
});
