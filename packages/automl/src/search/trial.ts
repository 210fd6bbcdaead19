/** One trial: a pipeline fitted on every fold, measured, fitted once more where folds ask for it, and exported. */
import type { Metrics } from '@malachite/core';
import {
  atRounds,
  exportPipeline,
  type FittedPipeline,
  fitPipeline,
  type PipelineSpec,
  predictPipeline,
} from '../pipeline/index.ts';
import { takeRows } from '../table/table.ts';
import type { Fold } from '../validation/index.ts';
import { measure } from './measure.ts';
import type { Problem } from './problem.ts';

export type TrialFit = {
  /** With what early stopping settled on, so that the leaderboard tells what was exported. */
  readonly parameters: PipelineSpec['params'];
  readonly metrics: Metrics;
  readonly resampledScores: Float64Array;
  readonly charts: Readonly<Record<string, unknown>>;
  readonly onnx: Uint8Array;
  readonly featurizationSummary: unknown;
  readonly engineeredFeatureNames: readonly string[];
  readonly validationPredictions: Float64Array;
  readonly parityPredictions: Float64Array;
  readonly fitSeconds: number;
  /** Of the search's work budget: a million row-feature-round visits is one unit. The same on every machine. */
  readonly work: number;
};

/**
 * @param shouldStop Asked often; true ends a fit with what it has.
 * @param now Seconds of a clock, for the figures.
 */
export function runTrial(
  problem: Problem,
  spec: PipelineSpec,
  seed: number,
  shouldStop: () => boolean,
  now: () => number,
): TrialFit {
  const { features, target, weights, validation, purposes } = problem;
  const started = now();
  const shared = { table: features, target, weights, columnPurposes: purposes, seed, shouldStop };
  const fits = validation.folds.map(({ train, validation: validationRows }) =>
    fitPipeline({ ...shared, rows: train, validationRows, spec }),
  );
  const rounds = settledRounds(fits);
  const settled = rounds === undefined ? spec : withRounds(spec, rounds);
  const final = fits.length === 1 ? (fits[0] as FittedPipeline) : fitPipeline({ ...shared, spec: settled });
  const fitSeconds = now() - started;
  const validationPredictions = concat(
    fits.map((fitted, fold) =>
      predictPipeline(
        rounds === undefined ? fitted : atRounds(fitted, rounds),
        takeRows(features, (validation.folds[fold] as Fold).validation),
      ),
    ),
  );
  const { onnx, featurizationSummary, engineeredFeatureNames } = exportPipeline(final);
  return {
    parameters: settled.params,
    ...measure(problem, validationPredictions),
    onnx,
    featurizationSummary,
    engineeredFeatureNames,
    validationPredictions,
    parityPredictions: predictPipeline(final, takeRows(features, problem.parityRows)),
    fitSeconds,
    work: [...fits, ...(fits.length === 1 ? [] : [final])].reduce((sum, fitted) => sum + fitted.work, 0),
  };
}

/**
 * The folds' mean number of boosting rounds. Every fold is judged at this one number: a number of its own, chosen on the very
 * rows that judge it, would flatter each fold. The model for all rows, which has no rows left to watch, is fitted with it.
 */
function settledRounds(fits: readonly FittedPipeline[]): number | undefined {
  const counts = fits.map((fitted) => fitted.rounds).filter((count) => count !== undefined);
  if (counts.length === 0) return undefined;
  return Math.max(1, Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length));
}

/** Names of "stop when it gets no better" in LightGBM, XGBoost and scikit-learn. */
const earlyStopping = new Set(['early_stopping_round', 'early_stopping_rounds', 'n_iter_no_change']);

function withRounds(spec: PipelineSpec, rounds: number): PipelineSpec {
  const params = Object.entries(spec.params).filter(([name]) => !earlyStopping.has(name));
  return { ...spec, params: { ...Object.fromEntries(params), n_estimators: rounds } };
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
