/** One trial: a pipeline fitted on every fold, measured on the rows it did not see, and exported as one model. */
import type { Metrics } from '@malachite/core';
import {
  atRounds,
  averagePipelines,
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

/** A fitted and exported model, with the predictions that its proof compares. */
export type ExportedFit = {
  readonly onnx: Uint8Array;
  readonly parityPredictions: Float64Array;
  readonly fitSeconds: number;
  /** Of the search's work budget: a million row-feature-round visits is one unit. The same on every machine. */
  readonly work: number;
};

export type TrialFit = ExportedFit & {
  /** With what early stopping settled on, so that the leaderboard tells what was exported. */
  readonly parameters: PipelineSpec['params'];
  readonly metrics: Metrics;
  readonly resampledScores: Float64Array;
  readonly charts: Readonly<Record<string, unknown>>;
  readonly featurizationSummary: unknown;
  readonly engineeredFeatureNames: readonly string[];
  readonly validationPredictions: Float64Array;
};

/**
 * From so many folds on the average of their models is exported (Breiman 1996, "Bagging predictors"): it knows every row, is what
 * was judged, and on tables of a few hundred rows is clearly better than one model of all rows, by a hundredth of R2 or AUC. Of three
 * folds it is no better, three times as large and as slow, and costs as much to prove as one more fit.
 */
const enoughFolds = 5;

/** How long a trial may take, by a clock in seconds; where no time is given, as long as it needs. */
export type TrialClock = {
  now(): number;
  /** When the trial must be over. The folds share the time until then. */
  readonly deadline: number;
  /** True when everything is to end now. */
  isStopped(): boolean;
};

/**
 * Time that runs out ends a fit with what it has: boosting with fewer rounds, a forest with fewer trees. Each fold gets its share,
 * so that none is cut off while others had plenty.
 *
 * What is exported: of a hold-out, the model that was judged; of many folds, the average of their models; of few folds, and of
 * learners whose models do not add up, one more model of all rows.
 */
export function runTrial(problem: Problem, spec: PipelineSpec, seed: number, clock: TrialClock): TrialFit {
  const { features, validation } = problem;
  const { folds } = validation;
  const { now, deadline, isStopped } = clock;
  const started = now();
  const fitCount = folds.length === 1 ? 1 : folds.length + 1;
  const shouldStopAfter = (part: number) => (): boolean =>
    isStopped() || now() > started + ((deadline - started) * part) / fitCount;
  const fits = folds.map(({ train, validation: validationRows }, fold) =>
    fitPipeline({
      ...inputOf(problem),
      spec,
      seed: seed + fold,
      rows: train,
      validationRows,
      shouldStop: shouldStopAfter(fold + 1),
    }),
  );
  const rounds = settledRounds(fits);
  const settled = rounds === undefined ? spec : withRounds(spec, rounds);
  const judged = rounds === undefined ? fits : fits.map((fitted) => atRounds(fitted, rounds));
  const { foldsOfRepeat } = validation;
  const averaged =
    foldsOfRepeat === 1 || foldsOfRepeat >= enoughFolds ? averagePipelines(judged.slice(0, foldsOfRepeat)) : undefined;
  const final = averaged ?? fitPipeline({ ...inputOf(problem), spec: settled, seed, shouldStop: shouldStopAfter(fitCount) });
  const fitSeconds = now() - started;
  const validationPredictions = concat(
    judged.map((fitted, fold) => predictPipeline(fitted, takeRows(features, (folds[fold] as Fold).validation))),
  );
  return {
    parameters: settled.params,
    ...measure(problem, validationPredictions),
    ...exportPipeline(final),
    validationPredictions,
    parityPredictions: predictPipeline(final, takeRows(features, problem.parityRows)),
    fitSeconds,
    work: [...fits, ...(averaged ? [] : [final])].reduce((sum, fitted) => sum + fitted.work, 0),
  };
}

/**
 * A judged pipeline fitted once more on all rows, for the ensemble that is exported in the end.
 * @param spec With the parameters that its trial settled on.
 * @throws Error when time runs out: half a fit is worth less than the model that was judged.
 */
export function refit(problem: Problem, spec: PipelineSpec, seed: number, clock: TrialClock): ExportedFit {
  const started = clock.now();
  const isLate = (): boolean => clock.isStopped() || clock.now() > clock.deadline;
  const fitted = fitPipeline({ ...inputOf(problem), spec, seed, shouldStop: isLate });
  if (isLate()) throw new Error('There was no time to fit the model once more on all rows.');
  return {
    onnx: exportPipeline(fitted).onnx,
    parityPredictions: predictPipeline(fitted, takeRows(problem.features, problem.parityRows)),
    fitSeconds: clock.now() - started,
    work: fitted.work,
  };
}

function inputOf({ features, target, weights, purposes, settings }: Problem) {
  return { table: features, target, weights, columnPurposes: purposes, settings };
}

/**
 * The folds' mean number of boosting rounds. Every fold is judged at this one number: a number of its own, chosen on the very
 * rows that judge it, would flatter each fold.
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
