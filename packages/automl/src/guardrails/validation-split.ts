/** Tells which validation the rule chose. Says nothing when the user chose. */

import type { Finding, GuardrailCheck, GuardrailInput } from './guardrail.ts';

export const crossValidation: GuardrailCheck = {
  type: '_cross_validation',
  friendlyType: 'Cross validation',
  learnMore: '',
  preface: '',
  parameterNames: { number_of_folds: 'Number of folds' },
  check({ validation: { choice } }: GuardrailInput): Finding | undefined {
    if (choice.kind !== 'cross_validation' || choice.chosenBy !== 'rule') return undefined;
    return {
      result: 'done',
      description: 'Each iteration of the trained model was validated through cross-validation.',
      parameters: [{ number_of_folds: String(choice.folds) }],
    };
  },
};

export const trainTestSplit: GuardrailCheck = {
  type: '_train_test_split',
  friendlyType: 'Train-Test data split',
  learnMore: '',
  preface: '',
  parameterNames: { dataset: 'Dataset', row_counts: 'Row counts', percentage: 'Percentage' },
  check({ validation: { choice, folds } }: GuardrailInput): Finding | undefined {
    const [fold] = folds;
    if (choice.kind !== 'train_test_split' || choice.chosenBy !== 'rule' || fold === undefined) return undefined;
    const total = fold.train.length + fold.validation.length;
    const row = (dataset: string, count: number) => ({
      dataset,
      row_counts: String(count),
      percentage: pythonFloat((count * 100) / total),
    });
    return {
      result: 'done',
      description:
        'Your input data has been split into a training dataset and a holdout test dataset for validation of the model. The test holdout dataset reflects the original distribution of your input data.',
      parameters: [row('train', fold.train.length), row('test', fold.validation.length)],
    };
  },
};

/** A number as Azure's files write it: `90.0`, not `90`. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
