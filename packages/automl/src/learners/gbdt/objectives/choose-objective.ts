/** The objective of a fit: the one its parameters name, where it suits the target. */
import { MalachiteError } from '@malachite/core';
import type { FitInput } from '../../learner.ts';
import { balancedWeights, binary, type LabelWeights } from './binary.ts';
import { fair, huber } from './huber.ts';
import { gamma, poisson, requireLogTargets, tweedie } from './log-link.ts';
import { membership, multiclass, multiclassOva } from './multiclass.ts';
import type { Objective } from './objective.ts';
import { classificationObjectives, type ObjectiveParams, regressionObjectives } from './objective-params.ts';
import { absoluteError, quantile } from './quantile.ts';
import { squaredError } from './squared-error.ts';

/** @throws MalachiteError `InvalidInput` for an objective of the other task, or one that has no loss for these targets. */
export function chooseObjective(input: Pick<FitInput, 'target' | 'rows' | 'weights'>, params: ObjectiveParams): Objective {
  const objective = withoutStart(input, params);
  if (params.boost_from_average) return objective;
  return { ...objective, start: () => new Float64Array(objective.outputs) };
}

function withoutStart(
  { target, rows, weights }: Pick<FitInput, 'target' | 'rows' | 'weights'>,
  params: ObjectiveParams,
): Objective {
  if (target.task === 'regression') {
    const { objective = 'regression' } = params;
    const numbers = { y: target.y, weights };
    switch (objective) {
      case 'regression':
        return squaredError(numbers);
      case 'regression_l1':
        return absoluteError(numbers);
      case 'huber':
        return huber(numbers, params.alpha);
      case 'fair':
        return fair(numbers, params.fair_c);
      case 'quantile':
        return quantile(numbers, params.alpha);
      case 'poisson':
        requireLogTargets(objective, target.y, rows);
        return poisson(numbers, params.poisson_max_delta_step);
      case 'gamma':
        requireLogTargets(objective, target.y, rows);
        return gamma(numbers);
      case 'tweedie':
        requireLogTargets(objective, target.y, rows);
        return tweedie(numbers, params.tweedie_variance_power);
      default:
        throw unsuited(objective, 'regression', regressionObjectives);
    }
  }
  const classes = target.classes.length;
  const { objective = classes === 2 ? 'binary' : 'multiclass' } = params;
  const { y } = target;
  const labelWeights = (positive: ArrayLike<number>): LabelWeights => {
    const base = params.is_unbalance ? balancedWeights(positive, rows) : { positive: 1, negative: 1 };
    return { ...base, positive: base.positive * params.scale_pos_weight };
  };
  switch (objective) {
    case 'binary':
      if (classes !== 2)
        throw new MalachiteError('InvalidInput', `The objective binary is for two classes; the target has ${classes}.`);
      return binary({ y, weights }, labelWeights(y));
    case 'multiclass':
      if (params.is_unbalance || params.scale_pos_weight !== 1)
        throw new MalachiteError(
          'InvalidInput',
          'The objective multiclass has neither is_unbalance nor scale_pos_weight; use class_weight "balanced", or multiclassova.',
        );
      return multiclass({ y, classes, weights });
    case 'multiclassova':
      return multiclassOva({ y, classes, weights }, (k) => labelWeights(membership(y, k)));
    default:
      throw unsuited(objective, 'classification', classificationObjectives);
  }
}

function unsuited(objective: string, task: string, suited: readonly string[]): MalachiteError {
  return new MalachiteError('InvalidInput', `The objective ${objective} is not for ${task}; these are: ${suited.join(', ')}.`);
}
