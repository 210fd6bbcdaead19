/**
 * The shape every learner has: `fit`, `predict`, `emit`, in that order, side by side in one file so that they cannot drift.
 * A learner is a file that exports one of these, plus one line in `learners.ts`.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { EmittedFeatures, FeatureMatrix } from '../featurization/features.ts';
import type { BinnedTable } from './gbdt/binning.ts';

/** A class label as the data has it. */
export type ClassLabel = string | number | boolean;

/** What is predicted: class indices into `classes`, or numbers; one a row of the table. */
export type Target =
  | { readonly task: 'classification'; readonly classes: readonly ClassLabel[]; readonly y: Int32Array }
  | { readonly task: 'regression'; readonly y: Float64Array };

export type Task = Target['task'];

export type LearnerParams = Readonly<Record<string, number | string | boolean>>;

export type FitInput = {
  readonly features: FeatureMatrix;
  readonly target: Target;
  /** The rows to learn from. */
  readonly rows: Int32Array;
  /** Rows that early stopping looks at; nothing is learned from them otherwise. */
  readonly validationRows?: Int32Array;
  /** One weight >= 0 a row of the table. */
  readonly weights?: Float64Array;
  readonly params: LearnerParams;
  readonly seed: number;
  /** Asked between rounds; true ends the fit with what there is. */
  readonly shouldStop?: () => boolean;
  /** Threads that share one large fit, where the learner can; the model is the same for any number. Default 1. */
  readonly threads?: number;
  /** `features` binned with the default options, when the caller shares it between trials. */
  readonly binned?: BinnedTable;
};

export type Fit<Model> = {
  /** Plain data that can be posted to a thread. */
  readonly model: Model;
  /** Boosting rounds that count, for learners that have rounds. */
  readonly rounds?: number;
  /** Row-feature-round visits in millions: the same on every machine, unlike seconds. */
  readonly work: number;
};

/** The learner's output in an ONNX graph: float [n, classes] probabilities, or float [n, 1] values. */
export type EmittedPrediction = string;

export type Learner<Model> = {
  /** Azure ML's name, e.g. `LightGBM`. */
  readonly name: string;
  readonly tasks: readonly Task[];
  /** `trees` routes missing values and category codes itself; `linear` wants imputed, scaled numbers; `none` looks at no feature, and is given none. */
  readonly family: 'trees' | 'linear' | 'none';
  fit(input: FitInput): Fit<Model>;
  /** The model with another number of rounds, at most as many as were grown; only learners with rounds have it. */
  atRounds?(model: Model, rounds: number): Model;
  /** Models of the same features, fitted on different rows, as one that answers with their mean; only learners whose models add up have it. */
  average?(models: readonly Model[]): Model;
  /** Classification: row-major probabilities, rows x classes. Regression: one value a row. */
  predict(model: Model, features: FeatureMatrix): Float64Array;
  /** The same computation as nodes of an ONNX graph. */
  emit(model: Model, graph: GraphBuilder, features: EmittedFeatures): EmittedPrediction;
};
