/** The metrics against those that Microsoft's own code computed, and at the edges where they are not defined. */

import { describe, expect, test } from 'vitest';
import { fixture, haveRecordings, needsRecordings, recording } from '../testing/recordings.ts';
import { classificationMetric, classificationMetrics } from './classification.ts';
import { classificationMetricList, metricNamed, metricsOf, regressionMetricList } from './metric-list.ts';
import type { ClassificationResult, RegressionResult } from './predictions.ts';
import { regressionMetric, regressionMetrics } from './regression.ts';

type Scalars = Record<string, number | null>;
type Case = { name: string; sample_weight: number[] | null } & (
  | { task: 'classification'; labels: (string | number)[]; y_true: (string | number)[]; probabilities: number[][] }
  | { task: 'regression'; y_true: number[]; y_pred: number[]; y_min: number; y_max: number }
);

type Recorded = Case & { result: { metrics: Scalars } };

function ours(recorded: Case): { all: Scalars; one: (name: string) => number | null } {
  const weights = recorded.sample_weight === null ? undefined : Float64Array.from(recorded.sample_weight);
  if (recorded.task === 'classification') {
    const result: ClassificationResult = {
      classCount: recorded.labels.length,
      trueClasses: Int32Array.from(recorded.y_true, (label) => recorded.labels.indexOf(label)),
      probabilities: Float64Array.from(recorded.probabilities.flat()),
      weights,
    };
    return { all: classificationMetrics(result), one: (name) => classificationMetric(name, result) };
  }
  const result: RegressionResult = {
    trueValues: Float64Array.from(recorded.y_true),
    predictions: Float64Array.from(recorded.y_pred),
    weights,
    targetRange: [recorded.y_min, recorded.y_max],
  };
  return { all: regressionMetrics(result), one: (name) => regressionMetric(name, result) };
}

/** All metrics, and each one computed alone, within 1e-9 (relative above 1) of the reference. */
function expectEqual(given: Case, reference: Scalars): void {
  const { all, one } = ours(given);
  expect(Object.keys(all).sort()).toEqual(Object.keys(reference).sort());
  for (const [name, value] of Object.entries(reference)) {
    for (const measured of [all[name], one(name)]) {
      if (value === null) expect([name, measured]).toEqual([name, null]);
      else expect(Math.abs(measured! - value), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
    }
  }
}

describe('metrics at the edges equal those of azureml-metrics (fixtures/metrics/record.py)', () => {
  test.each(
    fixture<(Case & { metrics: Scalars })[]>('metrics/azureml-metrics-edges.json').map((one) => [one.name, one] as const),
  )('%s', (_, given) => expectEqual(given, given.metrics));
});

describe.skipIf(!haveRecordings)(`metrics equal those of azureml-metrics${needsRecordings}`, () => {
  const engine = new Map(
    recording<{ name: string; result: { metrics: Scalars } }[]>('engine/metrics_engine.json').map(({ name, result }) => [
      name,
      result.metrics,
    ]),
  );
  for (const recorded of recording<Recorded[]>('recordings/metrics.json')) {
    test(recorded.name, () => {
      for (const reference of [recorded.result.metrics, engine.get(recorded.name)!]) expectEqual(recorded, reference);
    });
  }
});

test('the list names exactly the metrics that are computed', () => {
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).sort();
  const classification = { classCount: 2, trueClasses: Int32Array.of(0, 1), probabilities: Float64Array.of(0.7, 0.3, 0.4, 0.6) };
  const regression = { trueValues: Float64Array.of(1, 2), predictions: Float64Array.of(1, 3) };
  expect(Object.keys(classificationMetrics(classification)).sort()).toEqual(names(classificationMetricList));
  expect(Object.keys(regressionMetrics(regression)).sort()).toEqual(names(regressionMetricList));
  expect(metricsOf('regression').filter(({ primary }) => primary)).toHaveLength(4);
  expect(metricNamed('classification', 'AUC_weighted')).toMatchObject({ direction: 'maximize', primary: true });
});

test('with one class among the true ones there is no AUC, and the rest stays a number', () => {
  const metrics = classificationMetrics({
    classCount: 3,
    trueClasses: Int32Array.of(1, 1),
    probabilities: Float64Array.of(0.1, 0.8, 0.1, 0.5, 0.4, 0.1),
  });
  expect(metrics).toMatchObject({ AUC_macro: null, AUC_weighted: null, AUC_binary: null, accuracy: 0.5 });
  expect(metrics.average_precision_score_weighted).toBe(1);
});

test('binary metrics are about the positive class: the second of two, or the one that is chosen', () => {
  const trueClasses = Int32Array.of(0, 1, 2, 2);
  const probabilities = Float64Array.of(0.8, 0.1, 0.1, 0.6, 0.3, 0.1, 0.1, 0.2, 0.7, 0.2, 0.5, 0.3);
  const three = { classCount: 3, trueClasses, probabilities };
  expect(classificationMetrics(three)).toMatchObject({ AUC_binary: null, recall_score_binary: null });
  const chosen = classificationMetrics({ ...three, positiveClass: 2 });
  expect(chosen).toMatchObject({ AUC_binary: 1, precision_score_binary: 1, recall_score_binary: 0.5 });
  expect(chosen.f1_score_binary).toBeCloseTo(2 / 3, 12);
  const two = {
    classCount: 2,
    trueClasses: Int32Array.of(0, 0, 1),
    probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.3, 0.7),
  };
  expect(classificationMetrics(two)).toMatchObject({ precision_score_binary: 0.5, recall_score_binary: 1 });
  expect(classificationMetrics({ ...two, positiveClass: 0 })).toMatchObject({
    precision_score_binary: 1,
    recall_score_binary: 0.5,
  });
});

test('a class that nobody has is left out of the averages', () => {
  // Azure's answers for this table: rows of class 0 go to class 1 (which does not occur) and class 2 loses four of ten rows to it.
  const rows: [number, number, number][] = [
    [0, 0, 10],
    [2, 1, 4],
    [2, 2, 6],
  ];
  const trueClasses = rows.flatMap(([truth, , count]) => new Array<number>(count).fill(truth));
  const probabilities = rows.flatMap(([, guess, count]) =>
    new Array(count).fill([0, 1, 2].map((k) => (k === guess ? 0.9 : 0.05))).flat(),
  );
  const metrics = classificationMetrics({
    classCount: 3,
    trueClasses: Int32Array.from(trueClasses),
    probabilities: Float64Array.from(probabilities),
  });
  expect(metrics.norm_macro_recall).toBeCloseTo(0.6, 12);
  expect(metrics.recall_score_macro).toBeCloseTo(0.5333333333333333, 12);
});

test('tied scores are worth half: constant probabilities have AUC 0.5', () => {
  const metrics = classificationMetrics({
    classCount: 2,
    trueClasses: Int32Array.of(0, 1, 1, 0, 1),
    probabilities: Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1)),
  });
  expect(metrics).toMatchObject({ AUC_weighted: 0.5, matthews_correlation: 0 });
});

test('a large sort orders like a comparator, negative scores and ties included', () => {
  const random = Float64Array.from({ length: 5000 }, (_, i) => Math.round(Math.sin(i) * 1000) / (i % 7 === 0 ? 1 : 1e6));
  const trueValues = random;
  const predictions = random.map((value) => -value);
  expect(regressionMetrics({ trueValues, predictions }).spearman_correlation).toBeCloseTo(-1, 12);
});

test('regression at the edges: Azure cuts r2 at -1, errors at 1 and has no logarithm below 0', () => {
  const constant = regressionMetrics({ trueValues: Float64Array.of(3.3, 3.3, 3.3), predictions: Float64Array.of(1, 2, 9) });
  expect(constant).toMatchObject({
    r2_score: 0,
    explained_variance: 0,
    spearman_correlation: -1,
    normalized_mean_absolute_error: 1,
  });
  const far = regressionMetrics({ trueValues: Float64Array.of(0, 0, 1), predictions: Float64Array.of(-9, 9, 9) });
  expect(far).toMatchObject({ r2_score: -1, root_mean_squared_log_error: null, normalized_root_mean_squared_error: 1 });
});

test('input that cannot be measured is refused with what is wrong', () => {
  const probabilities = Float64Array.of(0.5, 0.5);
  const refused = (result: ClassificationResult) => () => classificationMetrics(result);
  expect(refused({ classCount: 2, trueClasses: Int32Array.of(0, 1), probabilities })).toThrow('2 rows of 2 classes need 4');
  expect(refused({ classCount: 2, trueClasses: Int32Array.of(2), probabilities })).toThrow('Row 0 has class 2 of 2');
  expect(refused({ classCount: 2, trueClasses: new Int32Array(), probabilities: new Float64Array() })).toThrow('no rows');
  const weights = Float64Array.of(-1);
  expect(refused({ classCount: 2, trueClasses: Int32Array.of(1), probabilities, weights })).toThrow('0 or more');
  expect(refused({ classCount: 2, trueClasses: Int32Array.of(1), probabilities: Float64Array.of(Number.NaN, 1) })).toThrow(
    'not a number',
  );
});
