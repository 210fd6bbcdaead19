/** One trial: a pipeline fitted on every fold, measured, fitted once more where folds ask for it, and exported. */
import type { Metrics } from '@malachite/core';
import { exportPipeline, type FittedPipeline, fitPipeline, type PipelineSpec, predictPipeline } from '../pipeline/index.ts';
import { takeRows } from '../table/table.ts';
import { measure } from './measure.ts';
import type { Problem } from './problem.ts';

export type TrialFit = {
  /** With what early stopping settled on, so that the leaderboard tells what was exported. */
  readonly parameters: PipelineSpec['params'];
  readonly metrics: Metrics;
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
  const fits: FittedPipeline[] = [];
  const foldPredictions: Float64Array[] = [];
  let predictSeconds = 0;
  for (const fold of validation.folds) {
    const fitted = fitPipeline({
      table: features,
      target,
      rows: fold.train,
      validationRows: fold.validation,
      weights,
      columnPurposes: purposes,
      spec,
      seed,
      shouldStop,
    });
    const predictStart = now();
    foldPredictions.push(predictPipeline(fitted, takeRows(features, fold.validation)));
    predictSeconds += now() - predictStart;
    fits.push(fitted);
  }
  const validationPredictions = concat(foldPredictions);
  const last = fits[fits.length - 1] as FittedPipeline;
  const settled = settledSpec(spec, fits);
  const final =
    fits.length === 1
      ? last
      : fitPipeline({ table: features, target, weights, columnPurposes: purposes, spec: settled, seed, shouldStop });
  const fitSeconds = now() - started - predictSeconds;
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

/** What the model for all rows is fitted with: the folds' mean number of boosting rounds instead of early stopping, for no rows are left to watch. */
function settledSpec(spec: PipelineSpec, fits: readonly FittedPipeline[]): PipelineSpec {
  const rounds = fits.map((fitted) => fitted.rounds).filter((count) => count !== undefined);
  if (rounds.length === 0) return spec;
  const { early_stopping_round: _, n_estimators: __, ...params } = spec.params;
  const mean = Math.max(1, Math.round(rounds.reduce((sum, count) => sum + count, 0) / rounds.length));
  return { ...spec, params: { ...params, num_iterations: mean } };
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
