/**
 * The stacked ensemble (Wolpert 1992): a linear model over the members' predictions, learned from rows that no member was fitted on.
 * Azure ML's rule: logistic regression over class probabilities, elastic net over values, the penalty chosen by
 * cross-validation where there are rows enough.
 */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import type { FeatureMatrix } from '../featurization/features.ts';
import { elasticNet } from '../learners/elastic-net.ts';
import type { LearnerParams, Target } from '../learners/learner.ts';
import type { LinearModel } from '../learners/linear/linear-model.ts';
import { logisticRegression } from '../learners/logistic-regression.ts';
import { type Fold, kFold } from '../validation/index.ts';
import { stackLoss } from './stack-loss.ts';

export type StackInput = {
  /** One array a member: n x K class probabilities row by row, or n values, for rows that the member was not fitted on (folds laid end to end). */
  readonly predictions: readonly Float64Array[];
  /** What is true of the same n rows. */
  readonly target: Target;
  /** The row of the table that each is; repeated folds have a row several times. Default: all different. */
  readonly rows?: Int32Array;
  /** One weight >= 0 a row. */
  readonly weights?: Float64Array;
  readonly seed: number;
  /** Asked between fits; true ends with the penalties tried so far, and not `judged` when none was. */
  readonly shouldStop?: () => boolean;
};

/** Plain data that can be posted to a thread. */
export type Stack = {
  readonly task: Target['task'];
  /** Class probabilities a row, or 1. */
  readonly outputs: number;
  /** The meta learner in Azure's name, and its parameters. */
  readonly algorithm: 'LogisticRegression' | 'ElasticNet';
  readonly params: LearnerParams;
  readonly model: LinearModel;
};

export type FittedStack = {
  readonly stack: Stack;
  /**
   * The stack's own predictions for the n rows, each by a meta learner that did not see the row: what the leaderboard may judge it by.
   * Without cross-validation (too few rows or no time) they are the fitted ones, and `judged` is false.
   */
  readonly validationPredictions: Float64Array;
  readonly judged: boolean;
  /** Row-feature-round visits in millions. */
  readonly work: number;
};

const FOLDS = 5;

/** Penalties that cross-validation chooses from, the strongest first. */
const penalties = {
  LogisticRegression: Array.from({ length: 8 }, (_, i) => ({ C: 10 ** (i - 3) })),
  /** For values in units of the target's deviation. */
  ElasticNet: Array.from({ length: 6 }, (_, i) => ({ alpha: 10 ** (-i - 1), l1_ratio: 0.5 })),
};

/** @throws MalachiteError `InvalidInput` without members or rows, or when a member's predictions are of another length. */
export function fitStack(input: StackInput): FittedStack {
  const { predictions, target, weights, shouldStop, seed } = input;
  requireAligned(input);
  const outputs = target.task === 'classification' ? target.classes.length : 1;
  const algorithm = target.task === 'classification' ? 'LogisticRegression' : 'ElasticNet';
  const places = Int32Array.from(target.y.keys());
  const unit = target.task === 'classification' ? { mean: 0, deviation: 1 } : unitOf(target.y);
  const features = metaFeatures(predictions, outputs, unit);
  const metaTarget: Target =
    target.task === 'classification'
      ? target
      : { task: 'regression', y: target.y.map((value) => (value - unit.mean) / unit.deviation) };
  const learner = algorithm === 'LogisticRegression' ? logisticRegression : elasticNet;
  let work = 0;
  const fit = (train: Int32Array, params: LearnerParams, until?: () => boolean): LinearModel => {
    const found = learner.fit({ features, target: metaTarget, rows: train, weights, params, seed, shouldStop: until });
    work += found.work;
    return found.model;
  };

  let params: LearnerParams = algorithm === 'LogisticRegression' ? { C: 1 } : { alpha: 1e-3, l1_ratio: 0.5 };
  let best = Number.POSITIVE_INFINITY;
  let unseen: Float64Array | undefined;
  if (enoughRows(target)) {
    const folds = foldsOfRows(input, FOLDS);
    for (const candidate of penalties[algorithm]) {
      const answers = new Float64Array(places.length * outputs);
      for (const { train, validation } of folds) {
        if (shouldStop?.()) break;
        const all = learner.predict(fit(train, candidate, shouldStop), features);
        for (const row of validation) answers.set(all.subarray(row * outputs, (row + 1) * outputs), row * outputs);
      }
      if (shouldStop?.()) break;
      const loss = stackLoss(metaTarget, answers, weights);
      // From the strongest penalty on the loss falls, then rises.
      if (loss >= best) break;
      best = loss;
      params = candidate;
      unseen = answers;
    }
  }
  const judged = unseen !== undefined;
  // Where five fits had time, one more has; a stack that could not be judged is not worth more of it.
  const model = inUnits(fit(places, params, judged ? undefined : shouldStop), unit, outputs);
  const stack: Stack = { task: target.task, outputs, algorithm, params, model };
  const validationPredictions = unseen?.map((value) => unit.mean + unit.deviation * value) ?? predictStack(stack, predictions);
  return { stack, validationPredictions, judged, work };
}

/** @param predictions of the members the stack was fitted with, in the same order. @returns n x K probabilities, or n values. */
export function predictStack({ model, outputs, algorithm }: Stack, predictions: readonly Float64Array[]): Float64Array {
  const features = metaFeatures(predictions, outputs);
  return (algorithm === 'LogisticRegression' ? logisticRegression : elasticNet).predict(model, features);
}

/** @param predictions the members' outputs in the graph: float [n, K] probabilities, or float [n, 1] values. @returns the stack's, of the same shape. */
export function emitStack({ model, outputs, algorithm }: Stack, graph: GraphBuilder, predictions: readonly string[]): string {
  const sideBySide = predictions.length === 1 ? (predictions[0] as string) : graph.node('Concat', predictions, { axis: 1 });
  // Of two classes the second says all.
  const seconds = BigInt64Array.from(predictions, (_, member) => BigInt(2 * member + 1));
  const numeric = outputs === 2 ? graph.node('Gather', [sideBySide, graph.constant(seconds)], { axis: 1 }) : sideBySide;
  const learner = algorithm === 'LogisticRegression' ? logisticRegression : elasticNet;
  return learner.emit(model, graph, { numeric, categorical: [] });
}

/** Folds of the places 0..n-1 in which all places of a row are together: the meta learner is judged on rows that it did not see. */
function foldsOfRows({ target, rows, seed }: StackInput, count: number): Fold[] {
  const places = Int32Array.from(target.y.keys());
  const classes = target.task === 'classification' ? target.y : undefined;
  if (rows === undefined) return kFold(places, classes, count, seed);
  const firstPlace = new Map<number, number>();
  for (const place of places) if (!firstPlace.has(rows[place] as number)) firstPlace.set(rows[place] as number, place);
  return kFold(Int32Array.from(firstPlace.values()), classes, count, seed).map(({ validation }) => {
    const inside = new Set(Array.from(validation, (place) => rows[place] as number));
    const isInside = (place: number): boolean => inside.has(rows[place] as number);
    return { train: places.filter((place) => !isInside(place)), validation: places.filter(isInside) };
  });
}

type Unit = { readonly mean: number; readonly deviation: number };

/** The members' predictions as number features: one a class, one for two classes or a value; values in units of the target. */
function metaFeatures(
  predictions: readonly Float64Array[],
  outputs: number,
  { mean, deviation }: Unit = { mean: 0, deviation: 1 },
): FeatureMatrix {
  const rowCount = (predictions[0]?.length ?? 0) / outputs;
  const used = outputs === 2 ? [1] : Array.from({ length: outputs }, (_, k) => k);
  const numeric = predictions.flatMap((prediction, member) =>
    used.map((k) => ({
      name: `member_${member}_${k}`,
      raw: `member_${member}`,
      values: Float32Array.from(
        { length: rowCount },
        (_, row) => (Math.fround(prediction[row * outputs + k] as number) - mean) / deviation,
      ),
    })),
  );
  return { rowCount, numeric, categorical: [] };
}

/** A model of units as one of plain values: nothing is left to scale when it predicts. */
function inUnits(model: LinearModel, { mean, deviation }: Unit, outputs: number): LinearModel {
  if (outputs > 1) return model;
  const intercepts = model.intercepts.map((intercept, k) => {
    const total = (model.coefficients[k] as Float64Array).reduce((sum, value) => sum + value, 0);
    return mean + deviation * intercept - mean * total;
  });
  return { ...model, intercepts };
}

/** Azure's rule: five rows of every class, or more than five rows. */
function enoughRows(target: Target): boolean {
  if (target.task === 'regression') return target.y.length > FOLDS;
  const counts = new Int32Array(target.classes.length);
  for (const label of target.y) counts[label] = (counts[label] as number) + 1;
  return counts.every((count) => count >= FOLDS);
}

function unitOf(y: Float64Array): Unit {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return { mean, deviation: Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length) || 1 };
}

function requireAligned({ predictions, target }: StackInput): void {
  const width = target.task === 'classification' ? target.classes.length : 1;
  const wanted = target.y.length * width;
  const other = predictions.findIndex((prediction) => prediction.length !== wanted);
  if (predictions.length > 0 && target.y.length > 0 && other < 0) return;
  throw new MalachiteError(
    'InvalidInput',
    other < 0
      ? `A stack needs members and rows; it got ${predictions.length} members and ${target.y.length} rows.`
      : `Member ${other} has ${predictions[other]?.length} predictions; ${target.y.length} rows of ${width} make ${wanted}.`,
  );
}
