/** Tells which columns have missing values and what was put in their place. */

import type { Purpose } from '../featurization/plan.ts';
import type { Imputation } from '../featurization/settings.ts';
import { type Finding, type GuardrailCheck, type GuardrailInput, passed } from './guardrail.ts';

/** Columns that are imputed; text and hashed categories take a missing value as it is, the others are dropped. */
const imputed: ReadonlySet<Purpose> = new Set(['Numeric', 'Categorical', 'DateTime']);

export const missingValues: GuardrailCheck = {
  type: '_missing_value',
  friendlyType: 'Missing feature values imputation',
  learnMore: 'Learn more about missing value imputation: https://aka.ms/AutomatedMLFeaturization',
  preface: '',
  parameterNames: {
    column_name: 'Column name',
    missing_value_count: 'Missing value count',
    imputation_type: 'Imputation type',
  },
  check({ purposes, featurized, settings: { imputations } }: GuardrailInput): Finding {
    const holed = purposes.filter(({ purpose, missing }) => missing > 0 && imputed.has(purpose));
    if (holed.length === 0) return passed('No feature missing values were detected in the training data.');
    return {
      result: featurized ? 'done' : 'alerted',
      description: featurized
        ? 'If the missing values are expected, let the run complete. Otherwise cancel the current run and use a script to customize the handling of missing feature values that may be more appropriate based on the data type and business requirement.'
        : 'Missing values were found, and featurization is off, so they are not imputed. Turn featurization on or fill them before training.',
      parameters: holed.map(({ name, missing, purpose }) => ({
        column_name: name,
        missing_value_count: String(missing),
        ...(featurized ? imputationType(purpose, imputations[name]) : {}),
      })),
    };
  },
};

/** What the job asks for, else the mean of numbers; of categories Azure's file names none. */
function imputationType(purpose: Purpose, asked: Imputation | undefined): { imputation_type?: string } {
  if (asked !== undefined) return { imputation_type: asked.strategy };
  return purpose === 'Numeric' ? { imputation_type: 'mean' } : {};
}
