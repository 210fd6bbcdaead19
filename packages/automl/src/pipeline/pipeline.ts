/**
 * A trial pipeline: featurizers, perhaps a scaler, one learner. The fitted whole is plain data that can be posted to a thread;
 * fitting, predicting and emitting are functions over it.
 */
import { MalachiteError } from '@malachite/core';
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures } from '../featurization/features.ts';
import {
  emitFeatures,
  type FittedFeaturization,
  fitFeaturization,
  fitSupervised,
  planFeaturization,
  transformFeatures,
} from '../featurization/featurization.ts';
import type { ColumnPurpose, Family } from '../featurization/plan.ts';
import {
  emitPreprocessed,
  type FittedPreprocessor,
  fitPreprocessor,
  transformPreprocessed,
} from '../featurization/preprocessors.ts';
import type { FeaturizationSettings } from '../featurization/settings.ts';
import type { ClassLabel, Fit, Target, Task } from '../learners/learner.ts';
import { requireLearner } from '../learners/learners.ts';
import type { Table } from '../table/table.ts';
import { prepareRows } from './prepared-table.ts';
import { requireFeatures } from './require-features.ts';
import type { PipelineSpec } from './spec.ts';

export type { PipelineSpec };

/** The values of a graph that hold a prediction: float [n, classes] probabilities, or float [n, 1] values. */
export type Emitted = { readonly probabilities?: string; readonly value?: string };

export type FittedPipeline = {
  readonly spec: PipelineSpec;
  readonly task: Task;
  /** The class labels, in the order of the probabilities; empty for regression. */
  readonly classes: readonly ClassLabel[];
  readonly featurization: FittedFeaturization;
  readonly preprocessor: FittedPreprocessor | undefined;
  readonly model: unknown;
  /** Boosting rounds kept, for learners that have rounds. */
  readonly rounds: number | undefined;
  /** Row-feature-round visits of the fit, in millions. */
  readonly work: number;
};

export type PipelineInput = {
  /** Feature columns only. */
  readonly table: Table;
  readonly target: Target;
  /** The rows to learn from; default all. */
  readonly rows?: Int32Array;
  /** Rows for early stopping only. */
  readonly validationRows?: Int32Array;
  /** One weight >= 0 a row of the table. */
  readonly weights?: Float64Array;
  readonly spec: PipelineSpec;
  /** Purposes by column name; a column not named gets the one that Azure's rule gives it. */
  readonly columnPurposes?: Readonly<Record<string, ColumnPurpose>>;
  /** The job's featurization settings; default Azure's. */
  readonly settings?: FeaturizationSettings;
  readonly seed: number;
  /** Asked between rounds; true ends the fit with what there is. */
  readonly shouldStop?: () => boolean;
  /** Threads that share one large fit; the pipeline is the same for any number. Default 1. */
  readonly threads?: number;
};

/**
 * Fits a pipeline.
 * @throws MalachiteError `InvalidInput` when rows, classes or columns leave nothing to learn, or a parameter is wrong;
 * `NotSupported` for an algorithm or preprocessor without an engine here.
 */
export function fitPipeline(input: PipelineInput): FittedPipeline {
  const { table, target, spec, rows = allRows(table), seed, validationRows, weights, shouldStop, threads } = input;
  const learner = requireLearner(spec.algorithm);
  requireLearnable(target, rows, learner.tasks, spec.algorithm);
  const fit = { target, rows, validationRows, weights, params: spec.params, seed, shouldStop, threads };
  const whole = { spec, task: target.task, classes: target.task === 'classification' ? target.classes : [] };
  const result = ({ model, rounds, work }: Fit<unknown>) => ({ model, rounds, work });

  if (learner.family === 'none') {
    const featurization = planFeaturization(asPlanned(input, rows, 'trees'));
    const features = { rowCount: table.rowCount, numeric: [], categorical: [] };
    return { ...whole, featurization, preprocessor: undefined, ...result(learner.fit({ ...fit, features })) };
  }
  if (learner.family === 'trees') {
    if (spec.preprocessor !== '') {
      throw new MalachiteError('InvalidInput', `${spec.algorithm} takes no preprocessor: trees do not change under scaling.`);
    }
    const { featurization, features, binned } = prepareRows(input, rows);
    return { ...whole, featurization, preprocessor: undefined, ...result(learner.fit({ ...fit, features, binned })) };
  }
  const { featurization, features } = featuresToLearn(input, rows);
  const preprocessor = spec.preprocessor === '' ? undefined : fitPreprocessor(spec.preprocessor, features, rows, shouldStop);
  return {
    ...whole,
    featurization,
    preprocessor,
    ...result(learner.fit({ ...fit, features: preprocessor ? transformPreprocessed(preprocessor, features) : features })),
  };
}

/** The pipeline with another number of boosting rounds, at most as many as were grown; without rounds, the pipeline itself. */
export function atRounds(fitted: FittedPipeline, rounds: number): FittedPipeline {
  const learner = requireLearner(fitted.spec.algorithm);
  return learner.atRounds ? { ...fitted, model: learner.atRounds(fitted.model, rounds), rounds } : fitted;
}

/**
 * Pipelines of one specification, fitted on different rows of a table, as one that answers with the mean of their models.
 * Undefined where models do not add up, or were fitted on features of their own.
 */
export function averagePipelines(fits: readonly FittedPipeline[]): FittedPipeline | undefined {
  const first = fits[0] as FittedPipeline;
  if (fits.length === 1) return first;
  const learner = requireLearner(first.spec.algorithm);
  if (!learner.average || fits.some(({ featurization }) => featurization !== first.featurization)) return undefined;
  return { ...first, model: learner.average(fits.map(({ model }) => model)) };
}

/** Classification: row-major probabilities, rows x classes. Regression: one value a row. */
export function predictPipeline({ spec, featurization, preprocessor, model }: FittedPipeline, table: Table): Float64Array {
  const features = transformFeatures(featurization, table);
  return requireLearner(spec.algorithm).predict(model, preprocessor ? transformPreprocessed(preprocessor, features) : features);
}

/**
 * Adds the whole pipeline to a graph.
 * @param inputs raw column name -> the graph value [n, 1] that holds it (see `featurization.columns` for the types).
 */
export function emitPipeline(fitted: FittedPipeline, graph: GraphBuilder, inputs: ReadonlyMap<string, string>): Emitted {
  const learner = requireLearner(fitted.spec.algorithm);
  const features = learner.family === 'none' ? rowsOnly(inputs) : emitFeatures(fitted.featurization, graph, inputs);
  const scaled = fitted.preprocessor ? emitPreprocessed(fitted.preprocessor, graph, features) : features;
  const prediction = learner.emit(fitted.model, graph, scaled);
  return fitted.task === 'classification' ? { probabilities: prediction } : { value: prediction };
}

/** For a learner that looks at no feature: a raw column, which tells how many rows there are. */
function rowsOnly(inputs: ReadonlyMap<string, string>): EmittedFeatures {
  return { numeric: undefined, categorical: [...inputs.values()].slice(0, 1) };
}

function asPlanned({ table, target, columnPurposes, settings }: PipelineInput, rows: Int32Array, family: Family) {
  return { table, rows, family, purposes: columnPurposes, settings, task: target.task };
}

/** Fits the featurization on `rows`; the features of the whole table, those of `rows` as one may learn from them. */
function featuresToLearn(input: PipelineInput, rows: Int32Array) {
  const { table, target, weights, seed } = input;
  const base = fitFeaturization(asPlanned(input, rows, 'linear'));
  const { featurization, added } = fitSupervised(base, table, rows, { target, weights, seed });
  const features = transformFeatures(base, table);
  return { featurization, features: requireFeatures({ ...features, numeric: [...features.numeric, ...added.numeric] }) };
}

function allRows(table: Table): Int32Array {
  return Int32Array.from({ length: table.rowCount }, (_, row) => row);
}

function requireLearnable(target: Target, rows: Int32Array, tasks: readonly Task[], algorithm: string): void {
  if (!tasks.includes(target.task))
    throw new MalachiteError('InvalidInput', `${algorithm} does not do ${target.task}; it does ${tasks.join(', ')}.`);
  if (rows.length === 0) throw new MalachiteError('InvalidInput', 'There are no rows to learn from.');
  if (target.task === 'classification' && target.classes.length < 2) {
    throw new MalachiteError('InvalidInput', `The target has ${target.classes.length} class; a classifier needs two or more.`);
  }
}
