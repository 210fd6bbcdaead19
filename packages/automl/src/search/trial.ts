/** One trial: a pipeline fitted on every fold, measured on the rows it did not see, and exported as one model. */
import { MalachiteError, type Metrics, type Trial } from '@malachite/core';
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
import type { Fold, ValidationPlan } from '../validation/index.ts';
import { measure, validationScore } from './measure.ts';
import type { Problem } from './problem.ts';
import { sampleOf } from './sampling.ts';

/** A fitted and exported model, with the predictions that its proof compares. */
export type ExportedFit = {
  readonly onnx: Uint8Array;
  readonly parityPredictions: Float64Array;
  readonly fitSeconds: number;
  /** Of the search's work budget: a million row-feature-round visits is one unit. The same on every machine. */
  readonly work: number;
};

export type TrialFit = ExportedFit & {
  /** The first fit of a large table. */
  readonly sample?: Trial['sample'];
  /** True where time ended a fit that was judged. */
  readonly isCutShort?: true;
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

/** Of a trial's time, what its fit on a sample may take. */
const sampleTime = 1 / 3;

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
 * @param bar The score on a sample that a pipeline must reach to be fitted on all rows of a large table.
 *
 * What is exported: of a hold-out, the model that was judged; of many folds, the average of their models; of few folds, and of
 * learners whose models do not add up, one more model of all rows.
 */
export function runTrial(problem: Problem, spec: PipelineSpec, seed: number, clock: TrialClock, bar?: number): TrialFit {
  const sample = spec.algorithm === 'Prior' ? undefined : sampleOf(problem);
  if (sample === undefined) return finish(judge(problem, problem.validation, spec, seed, clock));
  const folds = problem.validation.folds.map((fold) => ({ ...fold, train: sample.rows }));
  const until = clock.now() + sampleTime * (clock.deadline - clock.now());
  const first = judge(problem, { ...problem.validation, folds }, spec, seed, { ...clock, deadline: until });
  const score = validationScore(problem)(first.validationPredictions);
  const isPromoted = bar === undefined || score >= bar;
  const told = { percent: sample.percent, score, isPromoted };
  if (!isPromoted) return { ...finish(first), sample: told };
  const whole = finish(judge(problem, problem.validation, spec, seed, clock));
  const fitSeconds = first.fitSeconds + whole.fitSeconds;
  return { ...whole, sample: told, fitSeconds, work: first.work + whole.work };
}

/** The models of the folds, at the number of rounds they settled on, and what they say about the rows they did not see. */
type Judged = {
  readonly problem: Problem;
  readonly models: readonly FittedPipeline[];
  /** Those that time did not cut short. */
  readonly uncut: readonly FittedPipeline[];
  /** The specification with what was settled on. */
  readonly spec: PipelineSpec;
  readonly validationPredictions: Float64Array;
  readonly fitSeconds: number;
  readonly work: number;
  /** Fits the settled specification on all rows, in what is left of the time; half a fit is left out. */
  fitWhole(): { readonly fitted: FittedPipeline | undefined; readonly seconds: number; readonly work: number };
};

function judge(problem: Problem, { folds }: ValidationPlan, spec: PipelineSpec, seed: number, clock: TrialClock): Judged {
  const { now, deadline, isStopped } = clock;
  const started = now();
  const fitCount = folds.length === 1 ? 1 : folds.length + 1;
  const cut = new Set<number>();
  const shouldStopAfter = (part: number) => (): boolean => {
    const isLate = isStopped() || now() > started + ((deadline - started) * part) / fitCount;
    if (isLate) cut.add(part);
    return isLate;
  };
  const fits = folds.map(({ train, validation: validationRows }, fold) => {
    const shouldStop = shouldStopAfter(fold + 1);
    return fitPipeline({ ...inputOf(problem), spec, seed: seed + fold, rows: train, validationRows, shouldStop });
  });
  const fitSeconds = now() - started;
  const rounds = settledRounds(fits);
  const models = rounds === undefined ? fits : fits.map((fitted) => atRounds(fitted, rounds));
  const settled = rounds === undefined ? spec : withRounds(spec, rounds);
  const predictions = models.map((fitted, fold) =>
    predictPipeline(fitted, takeRows(problem.features, (folds[fold] as Fold).validation)),
  );
  const width = problem.target.task === 'classification' ? problem.target.classes.length : 1;
  if (cut.size > 0 && predictions.every((values) => isSameForAll(values, width)))
    throw new MalachiteError('Failed', 'There was not enough time: the fit was ended before its first step.');
  return {
    problem,
    models,
    uncut: models.filter((_, fold) => !cut.has(fold + 1)),
    spec: settled,
    validationPredictions: concat(predictions),
    fitSeconds,
    work: fits.reduce((sum, fitted) => sum + fitted.work, 0),
    fitWhole() {
      const begun = now();
      const fitted = fitPipeline({ ...inputOf(problem), spec: settled, seed, shouldStop: shouldStopAfter(fitCount) });
      return { fitted: cut.has(fitCount) ? undefined : fitted, seconds: now() - begun, work: fitted.work };
    },
  };
}

/** Whether every row is answered alike. */
function isSameForAll(predictions: Float64Array, width: number): boolean {
  return predictions.every((value, i) => value === predictions[i % width]);
}

function finish({ problem, models, uncut, spec, validationPredictions, fitSeconds, work, fitWhole }: Judged): TrialFit {
  const { foldsOfRepeat } = problem.validation;
  // Models that ran out of time are not what was judged, on the whole: the others stand for them, of whichever round of folds.
  const able = (uncut.length > 0 ? uncut : models).slice(0, foldsOfRepeat);
  const averaged = averagePipelines(able);
  const isAverage = averaged !== undefined && (foldsOfRepeat === 1 || foldsOfRepeat >= enoughFolds);
  const whole = isAverage ? { fitted: averaged, seconds: 0, work: 0 } : fitWhole();
  const final = whole.fitted ?? averaged ?? (able[0] as FittedPipeline);
  return {
    parameters: spec.params,
    ...(uncut.length < models.length ? { isCutShort: true } : {}),
    ...measure(problem, validationPredictions),
    ...exportPipeline(final),
    validationPredictions,
    parityPredictions: predictPipeline(final, takeRows(problem.features, problem.parityRows)),
    fitSeconds: fitSeconds + whole.seconds,
    work: work + whole.work,
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

function inputOf({ features, target, weights, purposes, settings, threads }: Problem) {
  return { table: features, target, weights, columnPurposes: purposes, settings, threads };
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
