/**
 * LightGBM's parameters of the loss: names, aliases, defaults.
 * Source: https://lightgbm.readthedocs.io/en/stable/Parameters.html#objective-parameters
 */
import { MalachiteError } from '@malachite/core';
import type { LearnerParams } from '../../learner.ts';
import { type ParamValues, readParams } from '../../parameters.ts';

export const regressionObjectives = [
  'regression',
  'regression_l1',
  'huber',
  'fair',
  'poisson',
  'quantile',
  'gamma',
  'tweedie',
] as const;
export const classificationObjectives = ['binary', 'multiclass', 'multiclassova'] as const;

export type ObjectiveName = (typeof regressionObjectives)[number] | (typeof classificationObjectives)[number];

const objectiveAliases: Readonly<Record<string, ObjectiveName>> = {
  regression_l2: 'regression',
  l2: 'regression',
  mean_squared_error: 'regression',
  mse: 'regression',
  l2_root: 'regression',
  root_mean_squared_error: 'regression',
  rmse: 'regression',
  l1: 'regression_l1',
  mean_absolute_error: 'regression_l1',
  mae: 'regression_l1',
  softmax: 'multiclass',
  multiclass_ova: 'multiclassova',
  ova: 'multiclassova',
  ovr: 'multiclassova',
};

const params = {
  /** `huber`: the error up to which the loss is squared. `quantile`: the share of targets below the prediction. */
  alpha: { default: 0.9, lowest: 1e-12, highest: 1e12 },
  fair_c: { default: 1, lowest: 1e-12, highest: 1e12 },
  poisson_max_delta_step: { default: 0.7, lowest: 1e-12, highest: 1e3 },
  /** In [1, 2): 1 is Poisson's variance, towards 2 the gamma's. */
  tweedie_variance_power: { default: 1.5, lowest: 1, highest: 2 - 1e-9 },
  /** `binary` and `multiclassova`: what a row of the class counts for. */
  scale_pos_weight: { default: 1, lowest: 1e-12, highest: 1e12 },
  /** `binary` and `multiclassova`: the rarer side counts as much as the other. */
  is_unbalance: { default: false },
  /** False: scores start at 0. */
  boost_from_average: { default: true },
} as const;

const nameAliases: Readonly<Record<string, keyof typeof params | 'objective'>> = {
  objective_type: 'objective',
  app: 'objective',
  application: 'objective',
  loss: 'objective',
  unbalance: 'is_unbalance',
  unbalanced_sets: 'is_unbalance',
};

export type ObjectiveParams = ParamValues<typeof params> & {
  /** Default: `regression`; `binary` for two classes, `multiclass` for more. */
  readonly objective?: ObjectiveName;
};

/**
 * Takes the parameters of the loss out of those of a fit.
 * @returns them, and the others as they were given.
 * @throws MalachiteError `InvalidInput` for an objective that LightGBM does not have or we do not support, or a value out of range.
 */
export function objectiveParams(given: LearnerParams): { loss: ObjectiveParams; others: LearnerParams } {
  const own: Record<string, number | string | boolean> = {};
  const others: Record<string, number | string | boolean> = {};
  for (const [name, value] of Object.entries(given)) {
    const main = nameAliases[name] ?? name;
    if (main === 'objective' || Object.hasOwn(params, main)) own[main] = value;
    else others[name] = value;
  }
  const { objective, ...rest } = own;
  const loss = { ...readParams('LightGBM', rest, params), objective: objective === undefined ? undefined : nameOf(objective) };
  if (loss.is_unbalance && loss.scale_pos_weight !== 1)
    throw new MalachiteError('InvalidInput', 'LightGBM takes either is_unbalance or scale_pos_weight, not both.');
  if (loss.objective === 'quantile' && loss.alpha >= 1)
    throw new MalachiteError('InvalidInput', `The objective quantile needs an alpha between 0 and 1; it is ${loss.alpha}.`);
  return { loss, others };
}

function nameOf(given: number | string | boolean): ObjectiveName {
  const known: readonly ObjectiveName[] = [...regressionObjectives, ...classificationObjectives];
  const found = known.find((name) => name === given) ?? objectiveAliases[String(given)];
  if (found !== undefined) return found;
  throw new MalachiteError('InvalidInput', `LightGBM objective "${given}" is not one of: ${known.join(', ')}.`);
}
