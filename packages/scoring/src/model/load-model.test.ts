/** The models that Azure AutoML exported, against the answers that Python's ONNX Runtime gave for the same rows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModel } from './load-model.ts';
import type { Prediction } from './prediction.ts';
import { scoreColumns } from './score-columns.ts';

const shared = new URL('../../../../../shared/', import.meta.url);
const engine = new URL('models/engine/', shared);
const exports = existsSync(engine) ? readdirSync(engine, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];

interface Expected {
  columns: string[];
  dtypes: Record<string, string>;
  inputs: unknown[][];
  onnx_labels: (string | number | boolean)[];
  onnx_probabilities: number[][] | null;
}

/** A bool label is the text `True`; a label of -1.0 is -1. */
function sameLabel(a: unknown, b: unknown): boolean {
  return a === b || String(a) === String(b) || Number(a) === Number(b);
}

function compare(prediction: Prediction, { onnx_labels, onnx_probabilities }: Expected): { labels: number; difference: number } {
  let wrong = 0;
  let difference = 0;
  for (const [row, expected] of onnx_labels.entries()) {
    const value = prediction.values?.[row];
    if (value !== undefined)
      difference = Math.max(difference, Math.abs(value - Number(expected)) / Math.max(1, Math.abs(Number(expected))));
    else if (!sameLabel(prediction.labels?.[row], expected)) wrong++;
    for (const [c, probability] of (onnx_probabilities?.[row] ?? []).entries()) {
      const { data, classes } = prediction.probabilities ?? { data: [], classes: 0 };
      difference = Math.max(difference, Math.abs((data[row * classes + c] ?? Number.NaN) - probability));
    }
  }
  return { labels: wrong, difference };
}

describe.skipIf(exports.length === 0)('exports of the Azure AutoML engine (skipped without ../shared)', () => {
  it.each(exports.map(({ name }) => name))('%s: same labels, probabilities within 1e-6', async (name) => {
    const model = await loadModel(readFileSync(new URL(`${name}/model.onnx`, engine)));
    const expected = JSON.parse(readFileSync(new URL(`${name}/expected.json`, engine), 'utf8')) as Expected;
    const records = expected.inputs.map((row) => Object.fromEntries(expected.columns.map((column, c) => [column, row[c]])));
    const { labels, difference } = compare(await model.score({ kind: 'records', records }), expected);
    expect(labels).toBe(0);
    expect(difference).toBeLessThan(1e-6);
    await model.close();
  });
});

describe.skipIf(!existsSync(shared))('real exports from Azure (skipped without ../shared)', () => {
  it('the bank marketing ensemble has the accuracy and AUC it had in Azure', async () => {
    const model = await loadModel(readFileSync(new URL('models/bankmarketing_votingensemble.onnx', shared)));
    const [header = '', ...lines] = readFileSync(new URL('data/bankmarketing_train.csv', shared), 'utf8').trim().split(/\r?\n/);
    const names = header.split(',');
    const columns = new Map(names.map((name) => [name, [] as string[]]));
    for (const line of lines) for (const [c, value] of line.split(',').entries()) columns.get(names[c] as string)?.push(value);
    const actual = columns.get('y') ?? [];
    const { labels, probabilities } = await scoreColumns(model, columns);
    const accuracy = actual.filter((y, row) => labels?.[row] === y).length / actual.length;
    expect(actual.length).toBe(32950);
    expect(Math.abs(accuracy - 0.9224)).toBeLessThan(0.0005);
    const scores = actual.map((_, row) => probabilities?.data[row * 2 + 1] as number);
    expect(
      Math.abs(
        areaUnderCurve(
          scores,
          actual.map((y) => y === 'yes'),
        ) - 0.9414,
      ),
    ).toBeLessThan(0.0005);
    await model.close();
  });

  it.each(['heart_failure_votingensemble.onnx', 'taxi_fare_regressor.onnx'])('%s loads and answers', async (file) => {
    const model = await loadModel(readFileSync(new URL(`models/${file}`, shared)));
    const row = Object.fromEntries(model.signature.inputs.map(({ name }) => [name, 1]));
    const { labels, values } = await model.score({ kind: 'records', records: [row, row] });
    expect(labels ?? Array.from(values ?? [])).toHaveLength(2);
    await model.close();
  });
});

/** Mann-Whitney: the share of pairs in the right order, ties counting half. */
function areaUnderCurve(scores: number[], positive: boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let rankSum = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && scores[order[j] as number] === scores[order[i] as number]) j++;
    const meanRank = (i + 1 + j) / 2;
    for (let k = i; k < j; k++) if (positive[order[k] as number]) rankSum += meanRank;
    i = j;
  }
  const count = positive.filter(Boolean).length;
  return (rankSum - (count * (count + 1)) / 2) / (count * (positive.length - count));
}
