import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixture, haveRecordings, needsRecordings, recording, recordingPath } from '../testing/recordings.ts';
import { accuracyTable, joinedAccuracyTables } from './accuracy-table.ts';
import { calibrationCurves } from './calibration.ts';
import { confusionMatrixChart } from './confusion-matrix.ts';
import { classificationCurves } from './curves.ts';
import { predictedTrueChart } from './predicted-true.ts';
import { moments, residualsChart } from './residuals.ts';

type Chart = { schema_type: string; schema_version: string; data: Record<string, unknown> };
type Case = { name: string; sample_weight: number[] | null } & (
  | { task: 'classification'; labels: (string | number)[]; y_true: (string | number)[]; probabilities: number[][] }
  | { task: 'regression'; y_true: number[]; y_pred: number[]; y_std: number }
);

type Recorded = Case & { result: { artifacts: Record<string, Chart> } };

function ours(recorded: Case): Record<string, Chart> {
  const weights = recorded.sample_weight === null ? undefined : Float64Array.from(recorded.sample_weight);
  if (recorded.task === 'classification') {
    const labels = recorded.labels.map(String);
    const trueClasses = Int32Array.from(recorded.y_true, (label) => recorded.labels.indexOf(label));
    const probabilities = Float64Array.from(recorded.probabilities.flat());
    const result = { classCount: labels.length, trueClasses, probabilities, weights };
    return { confusion_matrix: confusionMatrixChart(result, labels), accuracy_table: accuracyTable(result, labels) };
  }
  const result = { trueValues: Float64Array.from(recorded.y_true), predictions: Float64Array.from(recorded.y_pred), weights };
  return { residuals: residualsChart(result, recorded.y_std), predicted_true: predictedTrueChart(result) };
}

/** Every number within 1e-9 (relative above 1), everything else the same. */
function expectEqual(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    expect(typeof actual, path).toBe('number');
    expect(Math.abs((actual as number) - expected), path).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object).sort(), path).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected))
      expectEqual((actual as Record<string, unknown>)[key], value, `${path}/${key}`);
  } else expect(actual, path).toBe(expected);
}

describe('regression charts at the edges equal those of azureml-metrics (fixtures/metrics/record.py)', () => {
  const cases = fixture<(Case & { charts?: Record<string, Chart> })[]>('metrics/azureml-metrics-edges.json');
  for (const given of cases.filter(({ task }) => task === 'regression')) {
    test(given.name, () => expectEqual(ours(given), given.charts, ''));
  }
});

describe.skipIf(!haveRecordings)(`charts equal the artifacts of azureml-metrics${needsRecordings}`, () => {
  for (const recorded of recording<Recorded[]>('recordings/metrics.json')) {
    test(recorded.name, () => {
      const charts = ours(recorded);
      expect(Object.keys(charts)).toHaveLength(2);
      for (const [name, chart] of Object.entries(charts)) expectEqual(chart, recorded.result.artifacts[name], name);
    });
  }
});

describe.skipIf(!haveRecordings)(`of folds, bins are those of Azure's own runs${needsRecordings}`, () => {
  test.each([
    ['machine_01_ElasticNet', 'data/machine_performance.csv', 19, 189],
    ['taxi_01_ElasticNet', 'data/taxi_fare.csv', 1667, 5000],
  ])('%s', (name, file, rows, all) => {
    type Trial = Record<'predicted_true' | 'residuals', Chart>;
    const { predicted_true: predicted, residuals } = recording<Trial>(`engine/trials/${name}/metrics.json`);
    const lines = readFileSync(recordingPath(file), 'utf8')
      .trim()
      .split('\n')
      .slice(1, all + 1);
    const y = Float64Array.from(lines, (line) => Number(line.split(',').at(-1)));
    const result = { trueValues: y, predictions: y };
    const { data } = predictedTrueChart(result, { rows, target: y });
    expect([data.bin_edges, data.bin_counts]).toEqual([predicted.data.bin_edges, predicted.data.bin_counts]);
    const inner = residualsChart(result, moments(y).deviation).data.bin_edges.slice(1, -1);
    expect(inner).toEqual((residuals.data.bin_edges as number[]).slice(1, -1));
  });
});

test('tables of folds are summed, each at its own percentiles, as in Azure’s own runs', () => {
  const other = { ...ranked, probabilities: ranked.probabilities.map((value) => value / 2 + 0.25) };
  const [a, b] = [accuracyTable(ranked, labels), accuracyTable(other, labels)];
  const { data } = joinedAccuracyTables([a, b]);
  // At the highest percentile one probability of each fold is above, of all rows together there would be one.
  expect(data.percentile_tables.map((counts) => counts[99])).toEqual([
    [0, 0, 4, 4],
    [2, 0, 4, 2],
  ]);
  expect(data.percentile_thresholds[99]).toBe((0.9 + 0.7) / 2);
  const both = {
    classCount: 2,
    trueClasses: Int32Array.from([...ranked.trueClasses, ...ranked.trueClasses]),
    probabilities: Float64Array.from([...ranked.probabilities, ...other.probabilities]),
  };
  expect(data.probability_tables).toEqual(accuracyTable(both, labels).data.probability_tables);
});

test('residuals beyond two standard deviations stretch the outer bins', () => {
  const { data } = residualsChart({ trueValues: Float64Array.of(0, 0, 0, 0), predictions: Float64Array.of(-9, 0, 1.2, 7) }, 1);
  expect(data.bin_edges).toEqual([-9, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 7]);
  expect(data.bin_counts).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0, 1]);
});

test('a true value on an inner edge belongs to the bin below it, as in Azure', () => {
  const trueValues = Float64Array.from({ length: 100 }, (_, i) => i);
  const { data } = predictedTrueChart({ trueValues, predictions: trueValues });
  expect(data.bin_edges).toHaveLength(11);
  expect(data.bin_counts.reduce((a, b) => a + b)).toBe(100);
  const constant = predictedTrueChart({ trueValues: Float64Array.of(4, 4), predictions: Float64Array.of(1, 3) });
  expect(constant.data).toEqual({ bin_edges: [4, 4], bin_counts: [2], bin_averages: [2], bin_errors: [1] });
});

const labels = ['no', 'yes'];
/** Four rows, two of them "yes", ranked yes, no, yes, no. */
const ranked = {
  classCount: 2,
  trueClasses: Int32Array.of(1, 0, 1, 0),
  probabilities: Float64Array.of(0.1, 0.9, 0.3, 0.7, 0.4, 0.6, 0.8, 0.2),
};

test('the curves of a small ranking are those drawn by hand', () => {
  const yes = classificationCurves(ranked, labels)[1]!;
  expect(yes.roc.area).toBe(0.75);
  expect(yes.roc.points.map((point) => [point.falsePositiveRate, point.truePositiveRate])).toEqual([
    [0, 0],
    [0, 0.5],
    [0.5, 0.5],
    [0.5, 1],
    [1, 1],
  ]);
  expect(yes.precisionRecall.points.map((point) => point.precision)).toEqual([1, 1 / 2, 2 / 3, 1 / 2]);
  expect(yes.precisionRecall.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 12);
  expect(yes.gains[0]).toEqual({ share: 0.25, gain: 0.5, lift: 2 });
  expect(yes.gains.at(-1)).toEqual({ share: 1, gain: 1, lift: 1 });
});

test('a long curve is thinned but keeps its ends, and its area stays exact', () => {
  const rows = 10_000;
  const trueClasses = Int32Array.from({ length: rows }, (_, row) => ((row * 7919) % 3 === 0 ? 1 : 0));
  const probabilities = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++) probabilities[2 * row + 1] = row / rows;
  const yes = classificationCurves({ classCount: 2, trueClasses, probabilities }, labels)[1]!;
  expect(yes.roc.points).toHaveLength(201);
  expect(yes.roc.points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
});

test('calibration compares what was promised with what came true', () => {
  const yes = calibrationCurves(ranked, labels)[1]!;
  expect(yes.bins.map(({ rows, observed }) => [rows, observed])).toEqual([
    [1, 0],
    [1, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(yes.error).toBeCloseTo((0.2 + 0.4 + 0.7 + 0.1) / 4, 12);
});
