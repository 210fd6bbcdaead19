/**
 * What featurization did to every raw column, in the rows of Azure ML's `featurization_summary.json`.
 *
 * Trees read some columns before Azure's transformation, which tells them at least as much: a number with its holes is the imputed number
 * and its marker in one, a category is its block of one-hot columns (or its hash) in one. There the row tells Azure's transformation.
 */
import { MOST_CATEGORIES } from './categories.ts';
import { dateSpanNames } from './date-spans.ts';
import { datePartNames } from './dates.ts';
import type { FittedFeaturization } from './featurization.ts';
import { imputerNames } from './imputer.ts';
import { type ColumnPlan, type FeaturizerName, featurizerNames, type Purpose } from './plan.ts';
import type { FittedTargetEncoder } from './target-encoder.ts';
import type { FittedTextSvd } from './text-svd.ts';
import type { FittedTextTargetEncoder } from './text-target-encoder.ts';
import type { FittedTfIdf } from './tf-idf.ts';

export type FeaturizationSummaryRow = {
  readonly RawFeatureName: string;
  readonly TypeDetected: Purpose;
  readonly Dropped: 'Yes' | 'No';
  readonly EngineeredFeatureCount: number;
  /** `['']` for a dropped column. */
  readonly Transformations: readonly string[];
  /** Why the column has its type; ours, Azure ML does not say. */
  readonly Reason?: string;
  /** Why the column was dropped; ours, Azure ML does not say. */
  readonly DroppedReason?: string;
};

/** Azure ML's words for what each featurizer does; those of imputers are in their names. */
const transformations: Readonly<Record<Exclude<FeaturizerName, 'Imputer'>, string>> = {
  Numbers: 'Numbers',
  ImputationMarker: 'ImputationMarker',
  LabelEncoder: 'ModeCatImputer-StringCast-LabelEncoder',
  CharGramCountVectorizer: 'StringCast-CharGramCountVectorizer',
  DateTimeTransformer: 'ModeCatImputer-StringCast-DateTimeTransformer',
  DateSpans: 'StringCast-DateSpans',
  CharGramTfIdf: 'StringCast-CharGramTfIdf',
  WordGramTfIdf: 'StringCast-WordGramTfIdf',
  WordTfIdf: 'StringCast-WordTfIdf',
  TextTruncatedSVD: 'StringCast-TextTruncatedSVD',
  HashOneHotEncoder: 'StringCast-HashOneHotEncoder',
  CountEncoder: 'StringCast-CountEncoder',
  CatTargetEncoder: 'StringCast-CatTargetEncoder',
  WoETargetEncoder: 'StringCast-WoETargetEncoder',
  TextTargetEncoder: 'StringCast-TextTargetEncoder',
};

/** Summary rows and the names of all engineered features, columns in Azure ML's order. */
export function featurizationSummary(fitted: FittedFeaturization): {
  featurizationSummary: FeaturizationSummaryRow[];
  engineeredFeatureNames: string[];
} {
  // Purposes in the order in which the table first has them; within one, columns stand as in the table.
  const purposes = new Set(fitted.plans.map(({ purpose }) => purpose));
  const plans = [...purposes].flatMap((purpose) => fitted.plans.filter((plan) => plan.purpose === purpose));
  const nameIt = engineeredNames(fitted);
  const made = plans.map((plan) => inOrder(plan).map((featurizer) => ({ featurizer, names: nameIt(plan, featurizer) })));
  return {
    featurizationSummary: plans.map((plan, i) => summaryRow(plan, made[i] ?? [])),
    engineeredFeatureNames: made.flat().flatMap(({ names }) => names),
  };
}

/** The featurizers that are told, in the order of their features. */
function inOrder({ told }: ColumnPlan): FeaturizerName[] {
  return featurizerNames.filter((name) => told.includes(name));
}

type Made = { readonly featurizer: FeaturizerName; readonly names: readonly string[] };

/** Encoders that found nothing to tell are not told. */
function summaryRow(plan: ColumnPlan, made: readonly Made[]): FeaturizationSummaryRow {
  const used = plan.featurizers.length > 0;
  const telling = made.filter(({ names }) => names.length > 0);
  return {
    RawFeatureName: plan.name,
    TypeDetected: plan.purpose,
    Dropped: used ? 'No' : 'Yes',
    EngineeredFeatureCount: telling.reduce((sum, { names }) => sum + names.length, 0),
    Transformations: used
      ? telling.map(({ featurizer }) => (featurizer === 'Imputer' ? imputerName(plan) : transformations[featurizer]))
      : [''],
    ...(plan.reason === undefined ? {} : { Reason: plan.reason }),
    ...(plan.droppedBecause === undefined ? {} : { DroppedReason: plan.droppedBecause }),
  };
}

function imputerName({ imputation }: ColumnPlan): string {
  return imputerNames[imputation?.strategy ?? 'mean'];
}

const numbered = (stem: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${stem}_${i}`);

/** The names of the features that a featurizer makes of a column. */
function engineeredNames(fitted: FittedFeaturization): (plan: ColumnPlan, featurizer: FeaturizerName) => string[] {
  const spans = dateSpanNames(fitted.plans.filter(({ told }) => told.includes('DateSpans')).map(({ name }) => name));
  const learned = <Fitted extends { readonly columns: readonly { readonly name: string }[] }>(featurizer: FeaturizerName) => {
    const group = fitted.groups.find((candidate) => candidate.featurizer === featurizer)?.fitted as Fitted | undefined;
    return new Map((group?.columns ?? []).map((column) => [column.name, column as Fitted['columns'][number]]));
  };
  const grams = new Map(
    (['WordGramTfIdf', 'CharGramTfIdf', 'WordTfIdf'] as const).map((name) => [name, learned<FittedTfIdf>(name)]),
  );
  const svd = learned<FittedTextSvd>('TextTruncatedSVD');
  const ofTexts = learned<FittedTextTargetEncoder>('TextTargetEncoder');
  const ofTargets = new Map(
    (['CatTargetEncoder', 'WoETargetEncoder'] as const).map((name) => [name, learned<FittedTargetEncoder>(name)]),
  );
  return (plan, featurizer) => {
    const { name } = plan;
    switch (featurizer) {
      case 'Numbers':
        return [name];
      case 'Imputer':
        return [`${name}_${imputerName(plan)}`];
      case 'ImputationMarker':
      case 'CountEncoder':
        return [`${name}_${featurizer}`];
      case 'LabelEncoder':
        return [`${name}_ModeCatImputer_LabelEncoder`];
      case 'DateTimeTransformer':
        return datePartNames.map((part) => `${name}_ModeCatImputer_${part}`);
      case 'DateSpans':
        return spans.filter(({ column }) => column === name).map((span) => span.name);
      case 'CharGramCountVectorizer':
        return numbered(`${name}_${featurizer}`, plan.categories ?? MOST_CATEGORIES);
      case 'HashOneHotEncoder':
        return numbered(`${name}_${featurizer}`, plan.hashColumns ?? 0);
      case 'CharGramTfIdf':
      case 'WordGramTfIdf':
      case 'WordTfIdf':
        return numbered(`${name}_${featurizer}`, grams.get(featurizer)?.get(name)?.vocabulary.grams.length ?? 0);
      case 'TextTruncatedSVD':
        return numbered(`${name}_${featurizer}`, svd.get(name)?.outputs ?? 0);
      case 'CatTargetEncoder':
      case 'WoETargetEncoder':
        return (
          ofTargets
            .get(featurizer)
            ?.get(name)
            ?.outputs.map((output) => output.name) ?? []
        );
      case 'TextTargetEncoder':
        return [...(ofTexts.get(name)?.names ?? [])];
    }
  };
}
