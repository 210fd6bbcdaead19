/** An AutoML run by flags: limits, validation, test and training as a YAML job has them, under the same names. */
import { type AutoMLLimits, type AutoMLSpec, automlTasks, MalachiteError, primaryMetrics } from '@malachite/core';
import type { Flag, Flags } from '../cli/flags.ts';
import { listed } from './listed.ts';

export const automlFlags: readonly Flag[] = [
  { flags: '--target <column>', describe: 'What to predict.' },
  {
    flags: '--task <task>',
    describe: `${automlTasks.join(' or ')}. Default: regression for a column of more than 20 different numbers.`,
  },
  {
    flags: '--primary-metric <metric>',
    describe: `${primaryMetrics.join(', ')}. Default: AUC_weighted, or normalized_root_mean_squared_error.`,
  },
  { flags: '--positive-label <label>', describe: 'What metrics ending in _binary are about. Default: the second of two labels.' },
  { flags: '--weight-column-name <column>', describe: 'How much each row counts, in the fit and in every metric.' },
  { flags: '--seed <n>', describe: 'Default 0.' },
];

export const limitFlags: readonly Flag[] = [
  {
    flags: '--timeout-minutes <minutes>',
    describe: 'A hard stop, counted from the start of the process. Default 1 when no other limit is given.',
  },
  { flags: '--trial-timeout-minutes <minutes>', describe: 'What one trial may take; it ends with what it has.' },
  { flags: '--max-trials <n>', describe: 'At most this many trials, ensembles included.' },
  { flags: '--max-concurrent-trials <n>', describe: 'Trials side by side. Default: one a core.' },
  {
    flags: '--exit-score <score>',
    describe: 'Stop as soon as the primary metric is this good.',
  },
  { flags: '--no-early-termination', describe: 'Go on although the last 20 trials brought nothing.' },
  {
    flags: '--work-units <n>',
    describe:
      'A budget in work instead of time, ensembles included: the same leaderboard on any machine. About 100 a second and core.',
  },
];

export const validationFlags: readonly Flag[] = [
  { flags: '--validation-data <file>', describe: 'Rows that trials are judged by. Without any of these four, the size decides.' },
  { flags: '--validation-data-size <share>', describe: 'Share of the rows that trials are judged by, such as 0.2.' },
  { flags: '--n-cross-validations <n>', describe: 'So many folds.' },
  { flags: '--cv-split-column-names <names>', describe: 'Columns that are folds: 1 to learn from, 0 to judge by.' },
  { flags: '--test-data <file>', describe: 'Rows that the search never sees, scored by the best model in the end.' },
  { flags: '--test-data-size <share>', describe: 'The same, as a share of the rows.' },
];

export const trainingFlags: readonly Flag[] = [
  { flags: '--allowed-training-algorithms <names>', describe: "Only these, in Azure's spellings: LightGBM,logistic_regression." },
  { flags: '--blocked-training-algorithms <names>', describe: 'None of these.' },
  { flags: '--no-vote-ensemble', describe: 'No VotingEnsemble in the end.' },
  { flags: '--no-stack-ensemble', describe: 'No StackEnsemble in the end.' },
  { flags: '--no-model-explainability', describe: 'The best model is not explained.' },
];

/** @throws MalachiteError `InvalidInput` naming the flag and what it takes. */
export function readLimits(flags: Flags): AutoMLLimits {
  const limits = {
    timeoutMinutes: flags.number('timeout-minutes', { min: 0.01 }),
    maxTrials: flags.integer('max-trials', { min: 1, max: 1000 }),
    workUnits: flags.integer('work-units', { min: 1 }),
  };
  const isOpen = Object.values(limits).every((limit) => limit === undefined);
  return {
    ...(isOpen ? { timeoutMinutes: 1 } : limits),
    trialTimeoutMinutes: flags.number('trial-timeout-minutes', { min: 0.001 }),
    maxConcurrentTrials: flags.integer('max-concurrent-trials', { min: 1 }),
    exitScore: flags.number('exit-score'),
    enableEarlyTermination: flags.is('no-early-termination') ? false : undefined,
  };
}

/** What a run is asked, beside its task, its limits and its featurization. @throws MalachiteError as above. */
export function readSettings(flags: Flags): Omit<AutoMLSpec, 'task' | 'limits' | 'featurization'> {
  return {
    targetColumnName: flags.required('target'),
    primaryMetric: flags.word('primary-metric', primaryMetrics),
    positiveLabel: flags.text('positive-label'),
    weightColumnName: flags.text('weight-column-name'),
    nCrossValidations: flags.integer('n-cross-validations', { min: 2, max: 100 }),
    validationDataSize: shareOf(flags, 'validation-data-size'),
    testDataSize: shareOf(flags, 'test-data-size'),
    cvSplitColumnNames: listed(flags, 'cv-split-column-names'),
    training: {
      allowedTrainingAlgorithms: listed(flags, 'allowed-training-algorithms'),
      blockedTrainingAlgorithms: listed(flags, 'blocked-training-algorithms'),
      enableVoteEnsemble: !flags.is('no-vote-ensemble'),
      enableStackEnsemble: !flags.is('no-stack-ensemble'),
      enableModelExplainability: !flags.is('no-model-explainability'),
    },
    seed: flags.integer('seed', { min: 0 }),
  };
}

function shareOf(flags: Flags, name: string): number | undefined {
  const share = flags.number(name);
  if (share === undefined || (share > 0 && share < 1)) return share;
  throw new MalachiteError('InvalidInput', `--${name} takes a share of the rows between 0 and 1, such as 0.2; not "${share}".`);
}
