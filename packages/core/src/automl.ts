/** What an AutoML job is asked, and what it answers: trials, guardrails, explanation. */
import { type Static, Type } from 'typebox';
import { Featurization } from './featurization.ts';
import { Nullable, OneOf, Strict } from './schema.ts';

export const classificationPrimaryMetrics = [
  'AUC_weighted',
  'accuracy',
  'norm_macro_recall',
  'average_precision_score_weighted',
  'precision_score_weighted',
] as const;
export const regressionPrimaryMetrics = [
  'normalized_root_mean_squared_error',
  'normalized_mean_absolute_error',
  'r2_score',
  'spearman_correlation',
] as const;
export const primaryMetrics = [...classificationPrimaryMetrics, ...regressionPrimaryMetrics] as const;
export type PrimaryMetric = (typeof primaryMetrics)[number];
export const automlTasks = ['classification', 'regression'] as const;

/** A reference to data: `azureml:NAME:VERSION`, `azureml:NAME@latest`, or in a pipeline `${{parent.inputs.NAME}}`. */
export const DataInput = Strict({
  type: Type.Optional(OneOf(['mltable', 'uri_file', 'uri_folder'])),
  path: Type.String({ minLength: 1 }),
});
export type DataInput = Static<typeof DataInput>;

/** When the search stops. Whatever comes first; a time budget is a hard stop. */
export const AutoMLLimits = Strict({
  timeoutMinutes: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'Minutes, fractions allowed. Without it and without maxTrials: 1.' }),
  ),
  maxTrials: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  trialTimeoutMinutes: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  maxConcurrentTrials: Type.Optional(Type.Integer({ minimum: 1, description: 'Worker threads; without it, one a core.' })),
  exitScore: Type.Optional(Type.Number({ description: 'Stops as soon as the primary metric is at least this good.' })),
  enableEarlyTermination: Type.Optional(
    Type.Boolean({
      default: true,
      description: 'Stops when the last 20 trials brought nothing, with a time budget not before a minute without a gain.',
    }),
  ),
  workUnits: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'A budget in work instead of time, ensembles included: the same leaderboard on any machine. A unit is a million visits of a row and a feature, about a hundredth of a second of one core.',
    }),
  ),
});
export type AutoMLLimits = Static<typeof AutoMLLimits>;

export const AutoMLSettings = {
  task: OneOf(automlTasks),
  targetColumnName: Type.String({ minLength: 1 }),
  primaryMetric: Type.Optional(OneOf(primaryMetrics, 'Without it AUC_weighted, or normalized_root_mean_squared_error.')),
  limits: Type.Optional(AutoMLLimits),
  nCrossValidations: Type.Optional(Type.Integer({ minimum: 2, maximum: 100 })),
  validationDataSize: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })),
  cvSplitColumnNames: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'A column a fold: 1 for rows to train on, 0 for rows to validate by.',
    }),
  ),
  testDataSize: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of the rows that the search never sees and the best model is tested on.',
    }),
  ),
  weightColumnName: Type.Optional(Type.String()),
  positiveLabel: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'The class that metrics ending in `_binary` are about. Without it the second of two classes; of more, none.',
    }),
  ),
  featurization: Type.Optional(Featurization),
  training: Type.Optional(
    Strict({
      allowedTrainingAlgorithms: Type.Optional(Type.Array(Type.String())),
      blockedTrainingAlgorithms: Type.Optional(Type.Array(Type.String())),
      enableVoteEnsemble: Type.Optional(Type.Boolean({ default: true })),
      enableStackEnsemble: Type.Optional(Type.Boolean({ default: true })),
      enableModelExplainability: Type.Optional(Type.Boolean({ default: true })),
    }),
  ),
  seed: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
};

/** The settings without the data: what the engine is given beside a table. */
export const AutoMLSpec = Strict(AutoMLSettings);
export type AutoMLSpec = Static<typeof AutoMLSpec>;

/** Metrics by Azure's names; null where a metric is not defined on the data. */
export const Metrics = Type.Record(Type.String(), Nullable(Type.Number()));
export type Metrics = Static<typeof Metrics>;

export const trialStatuses = ['Completed', 'Failed', 'Canceled'] as const;

/** The largest difference between the trainer's own predictions and ONNX Runtime's on the same rows. */
export const Parity = Type.Object({
  rows: Type.Integer(),
  maxDifference: Type.Number({
    description: 'Absolute for probabilities; for regression relative to the value, or to the middle one where it is smaller.',
  }),
  labelFlips: Type.Integer({ description: 'Rows whose label differs although their margin is above the tolerance.' }),
  tolerance: Type.Number(),
  withinTolerance: Type.Boolean(),
});
export type Parity = Static<typeof Parity>;

/** One pipeline tried by the search: a row of the leaderboard. */
export const Trial = Type.Object({
  name: Type.String({ description: 'Of the child run: <job>_<iteration>.' }),
  iteration: Type.Integer(),
  status: OneOf(trialStatuses),
  preprocessor: Type.String({
    description: "Azure's name of the first step, such as StandardScalerWrapper; empty for ensembles.",
  }),
  algorithm: Type.String({ description: "Azure's name of the learner, such as LightGBM." }),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  description: Type.String({ description: 'The pipeline and its parameters in words.' }),
  score: Nullable(Type.Number({ description: 'The primary metric on the validation rows.' })),
  standardError: Nullable(
    Type.Number({
      description:
        'Of the score: what other validation rows would have changed, by a delete-group jackknife within the folds; null where it is not defined.',
    }),
  ),
  metrics: Metrics,
  fitSeconds: Type.Number(),
  finishedAtSeconds: Type.Number({
    description: 'Seconds of the search, over all processes of the job, when the trial came in.',
  }),
  work: Type.Number({ description: 'Work units used: millions of row-feature-round visits. The same on every machine.' }),
  predictMicrosecondsPerRow: Nullable(
    Type.Number({
      description:
        'In ONNX Runtime, in one batch of the parity rows: the quickest of several runs, turns of other work left out.',
    }),
  ),
  predictMicrosecondsSingleRow: Nullable(Type.Number({ description: 'The same for a row asked alone.' })),
  onnxBytes: Type.Integer(),
  parity: Nullable(Parity),
  sample: Type.Optional(
    Type.Object(
      {
        percent: Type.Number(),
        score: Type.Number({ description: 'The primary metric, turned so that higher is better.' }),
        isPromoted: Type.Boolean(),
      },
      { description: 'The first fit, on a share of the training rows of a large table; only the best third go on to all rows.' },
    ),
  ),
  isCutShort: Type.Optional(
    Type.Boolean({ description: 'True where time ended a fit before its own end: with more time the score would be another.' }),
  ),
  ensemble: Type.Optional(
    Type.Array(Type.Object({ iteration: Type.Integer(), algorithm: Type.String(), weight: Type.Number() })),
  ),
  error: Type.Optional(Type.String()),
});
export type Trial = Static<typeof Trial>;

/** A data guardrail as Azure stores it (`verifier_results.json`). */
export const Guardrail = Type.Object({
  type: Type.String(),
  friendlyType: Type.String({ description: 'Such as "Class balancing detection".' }),
  result: OneOf(['passed', 'done', 'alerted']),
  description: Type.String(),
  parameters: Type.Array(Type.Record(Type.String(), Type.String())),
  parameterNames: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'The heading of each parameter, as Azure ML prints it.' }),
  ),
});
export type Guardrail = Static<typeof Guardrail>;

/** How much the best trial leans on each raw column, most important first: by permutation here, by a surrogate model on Azure. */
export const Explanation = Type.Object({
  method: Type.String(),
  metric: Type.String({ description: 'What the importance is measured in.' }),
  rows: Nullable(Type.Integer({ description: 'That were looked at; null where nobody says.' })),
  features: Type.Array(
    Type.Object({
      name: Type.String(),
      importance: Type.Number({
        description: 'Mean loss of the metric when the column is shuffled, or mean share in the prediction.',
      }),
      std: Nullable(Type.Number({ description: 'Over the repeated shuffles; null where nobody says.' })),
    }),
  ),
});
export type Explanation = Static<typeof Explanation>;

/** What the leaderboard of a finished job allows to say, beyond its order. */
export const Conclusions = Type.Object({
  sentences: Type.Array(Type.String(), { description: 'The conclusions in words, the most important first.' }),
  tied: Type.Array(Type.String(), {
    description:
      'Trials that the validation rows cannot tell from the one with the best score, which comes first: within two standard errors of the paired difference.',
  }),
  baseline: Nullable(
    Type.Object({
      trial: Type.String({ description: 'Predicts the class shares, or the mean, whatever the features say.' }),
      isBeaten: Type.Boolean({
        description:
          'Whether a model is ahead of it by more than the luck of the best of so many trials. Otherwise it is the best trial.',
      }),
      advantage: Nullable(
        Type.Number({ description: 'Of the best model that is no ensemble, in the metric; positive for better.' }),
      ),
      standardError: Nullable(Type.Number({ description: 'Of that advantage.' })),
      errorsNeeded: Type.Number({ description: 'So many standard errors the advantage must exceed.' }),
    }),
  ),
  paretoFront: Type.Array(Type.String(), {
    description: 'Trials that no other beats in both score and batch prediction time, best score first.',
  }),
  improvements: Type.Array(
    Type.Object({ trial: Type.String(), iteration: Type.Integer(), seconds: Type.Number(), score: Type.Number() }),
    { description: 'The best score so far, at each trial that raised it, in the order in which they came in.' },
  ),
});
export type Conclusions = Static<typeof Conclusions>;

/** The best model on rows that neither a fit nor a choice has seen. */
export const TestScore = Type.Object({ rows: Type.Integer(), metrics: Metrics });
export type TestScore = Static<typeof TestScore>;

/** The outcome of an AutoML job so far; complete when the job is. */
export const AutoMLResult = Type.Object({
  primaryMetric: OneOf(primaryMetrics),
  /** Best first; failed trials last. */
  trials: Type.Array(Trial),
  bestTrial: Nullable(
    Type.String({
      description:
        'The best score of a proved model; a blend before a single model that leads by no more than chance; the baseline when no model is better than it.',
    }),
  ),
  conclusions: Nullable(Conclusions),
  guardrails: Type.Array(Guardrail),
  explanation: Nullable(Explanation),
  validation: Nullable(Type.String({ description: 'How trials were validated, in words.' })),
  test: Nullable(TestScore),
  stopReason: Nullable(Type.String()),
});
export type AutoMLResult = Static<typeof AutoMLResult>;
