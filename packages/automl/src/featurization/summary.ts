/** What featurization did to every raw column, in the rows of Azure ML's `featurization_summary.json`. */

import type { FittedCategories } from './categories.ts';
import { categories } from './categories.ts';
import { datePartNames } from './dates.ts';
import type { FittedFeaturization } from './featurization.ts';
import { isMissing } from './featurizer.ts';
import type { ColumnPlan, FeaturizerName, Purpose } from './plan.ts';
import type { FittedWordGrams } from './word-grams.ts';

export type FeaturizationSummaryRow = {
  readonly RawFeatureName: string;
  readonly TypeDetected: Purpose;
  readonly Dropped: 'Yes' | 'No';
  readonly EngineeredFeatureCount: number;
  /** `['']` for a dropped column. */
  readonly Transformations: readonly string[];
  /** Why the column was dropped; ours, Azure ML does not say. */
  readonly DroppedReason?: string;
};

/** Azure ML's words for what each featurizer does. */
const transformations: Readonly<Record<FeaturizerName, string>> = {
  Numbers: 'Numbers',
  MeanImputer: 'MeanImputer',
  ImputationMarker: 'ImputationMarker',
  LabelEncoder: 'ModeCatImputer-StringCast-LabelEncoder',
  CharGramCountVectorizer: 'StringCast-CharGramCountVectorizer',
  DateTimeTransformer: 'ModeCatImputer-StringCast-DateTimeTransformer',
  WordGramTfIdf: 'StringCast-WordGramTfIdf',
};

/** The order of purposes in Azure ML's summary; within one, columns stand as in the table. */
const purposeOrder: readonly Purpose[] = [
  'Hashes',
  'Numeric',
  'Categorical',
  'DateTime',
  'Text',
  'CategoricalHash',
  'Ignore',
  'AllNan',
];

/** Summary rows and the names of all engineered features, columns in Azure ML's order. */
export function featurizationSummary(fitted: FittedFeaturization): {
  featurizationSummary: FeaturizationSummaryRow[];
  engineeredFeatureNames: string[];
} {
  const plans = purposeOrder.flatMap((purpose) => fitted.plans.filter((plan) => plan.purpose === purpose));
  const namesOf = plans.map((plan) => plan.featurizers.flatMap((featurizer) => engineeredNames(fitted, plan.name, featurizer)));
  return {
    featurizationSummary: plans.map((plan, i) => summaryRow(plan, (namesOf[i] as string[]).length)),
    engineeredFeatureNames: namesOf.flat(),
  };
}

function summaryRow(plan: ColumnPlan, count: number): FeaturizationSummaryRow {
  const used = plan.featurizers.length > 0;
  const row: FeaturizationSummaryRow = {
    RawFeatureName: plan.name,
    TypeDetected: plan.purpose,
    Dropped: used ? 'No' : 'Yes',
    EngineeredFeatureCount: count,
    Transformations: used ? plan.featurizers.map((featurizer) => transformations[featurizer]) : [''],
  };
  return plan.droppedBecause === undefined ? row : { ...row, DroppedReason: plan.droppedBecause };
}

function engineeredNames(fitted: FittedFeaturization, column: string, featurizer: FeaturizerName): string[] {
  switch (featurizer) {
    case 'Numbers':
      return [column];
    case 'MeanImputer':
    case 'ImputationMarker':
      return [`${column}_${featurizer}`];
    case 'LabelEncoder':
      return [`${column}_ModeCatImputer_LabelEncoder`];
    case 'DateTimeTransformer':
      return datePartNames.map((part) => `${column}_ModeCatImputer_${part}`);
    case 'WordGramTfIdf': {
      const words = fittedColumns<FittedWordGrams>(fitted, featurizer).find(({ name }) => name === column)?.words ?? [];
      return words.map((_, i) => `${column}_WordGramTfIdf_${i}`);
    }
    case 'CharGramCountVectorizer': {
      // Trees read the whole column as one category feature, linear learners one column a category.
      if (fitted.family === 'trees') return [`${column}_${categories.name}`];
      const group = fitted.groups.find((candidate) => candidate.featurizer === featurizer)?.fitted as
        | FittedCategories
        | undefined;
      const keys: readonly (string | number)[] = group?.columns.find(({ name }) => name === column)?.keys ?? [];
      return keys.map((key) => `${column}_${categories.name}_${isMissing(key) ? 'nan' : key}`);
    }
  }
}

/** What a featurizer learned of its columns. */
function fittedColumns<Fitted extends { readonly columns: readonly unknown[] }>(
  fitted: FittedFeaturization,
  featurizer: FeaturizerName,
): Fitted['columns'] {
  const group = fitted.groups.find((candidate) => candidate.featurizer === featurizer)?.fitted as Fitted | undefined;
  return group?.columns ?? [];
}
