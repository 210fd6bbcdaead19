/**
 * Which featurizers each column gets, from its purpose, what the job blocks, and the family of learner that will read it.
 *
 * Trees route missing values and split on sets of categories, so they take columns nearly raw, and statistics of the target beside
 * columns of many values. Linear learners take what Azure ML's featurization makes: imputed numbers with a marker, one-hot
 * categories, parts of dates, words.
 */
import type { BlockableTransformer } from '@malachite/core';
import type { Task } from '../learners/learner.ts';
import type { Column } from '../table/table.ts';
import { countValues, MOST_CATEGORIES } from './categories.ts';
import type { DateOrder } from './dates.ts';
import { isMissing } from './featurizer.ts';
import { defaultSettings, type FeaturizationSettings, type Imputation, settingOf, type TfIdfParams } from './settings.ts';

/** Azure ML's column purposes. */
export type Purpose = 'Numeric' | 'Categorical' | 'CategoricalHash' | 'DateTime' | 'Text' | 'Hashes' | 'Ignore' | 'AllNan';

/** Featurizers in the order in which their features stand; those that look at the target last. */
export const featurizerNames = [
  'Numbers',
  'Imputer',
  'ImputationMarker',
  'LabelEncoder',
  'CharGramCountVectorizer',
  'DateTimeTransformer',
  'DateSpans',
  'CharGramTfIdf',
  'WordGramTfIdf',
  'WordTfIdf',
  'TextTruncatedSVD',
  'HashOneHotEncoder',
  'CountEncoder',
  'CatTargetEncoder',
  'WoETargetEncoder',
  'TextTargetEncoder',
] as const;
export type FeaturizerName = (typeof featurizerNames)[number];

export type ColumnPlan = {
  readonly name: string;
  readonly purpose: Purpose;
  /** Why it has that purpose, in words. */
  readonly reason?: string;
  /** The featurizers that read the column; none when it is dropped. */
  readonly featurizers: readonly FeaturizerName[];
  /** Those of Azure ML's that the summary tells, where they say the same as what trees read (see `summary.ts`). */
  readonly told: readonly FeaturizerName[];
  /** Different values, the missing one counted, at most as many as get a one-hot column; for categories. */
  readonly categories?: number;
  /** How the column writes dates, for DateTime. */
  readonly order?: DateOrder;
  /** What stands for a missing value; without it learners see that it is missing. */
  readonly imputation?: Imputation;
  /** Columns of the hashed one-hot encoder. */
  readonly hashColumns?: number;
  readonly tfIdf?: Partial<TfIdfParams>;
  /** Why the column is not used, when it is not. */
  readonly droppedBecause?: string;
};

/** What is known of a column: its purpose, who chose it, and for dates their order. */
export type ColumnPurpose = {
  readonly purpose: Purpose;
  readonly order?: DateOrder;
  /** Why it has that purpose, in words. */
  readonly reason?: string;
  /** True when the user named the purpose: a number column that is Categorical by request is split by sets, not by size. */
  readonly byUser?: boolean;
  /** An earlier column that holds the same in every row. */
  readonly duplicateOf?: string;
};

/**
 * Whole numbers of so few values are only categories to a linear learner. Of more, as years and ages, one-hot columns leave it few rows
 * each to find their order by, so it reads the number beside them.
 */
const FEW_VALUES = 8;

export type Family = 'trees' | 'linear';

export type PlanInput = {
  readonly family: Family;
  readonly rows: Int32Array;
  readonly settings?: FeaturizationSettings;
  /** What the target is; without it nothing that looks at a target is planned. */
  readonly task?: Task;
};

export function planColumn(column: Column, purpose: ColumnPurpose, input: PlanInput): ColumnPlan {
  const { name } = column;
  const whole = { name, purpose: purpose.purpose, ...(purpose.reason === undefined ? {} : { reason: purpose.reason }) };
  const dropped = reasonToDrop(column, purpose);
  if (dropped !== undefined) return { ...whole, featurizers: [], told: [], droppedBecause: dropped };
  const { wanted, told, ...options } = wantedFor(column, purpose, input);
  const blocked = new Set(input.settings?.blocked);
  const isLeft = (featurizer: FeaturizerName) => blocksOf[featurizer].every((block) => !blocked.has(block));
  const featurizers = [wanted, ...alternativesFor(purpose, input)]
    .map((some) => some.filter(isLeft))
    .find((some) => some.length > 0);
  if (featurizers === undefined) {
    const blocks = [...new Set(wanted.flatMap((featurizer) => blocksOf[featurizer].filter((block) => blocked.has(block))))];
    const droppedBecause = `Every transformer for ${purpose.purpose} is blocked: ${blocks.join(', ')}.`;
    return { ...whole, featurizers: [], told: [], droppedBecause };
  }
  return { ...whole, ...options, featurizers, told: told.every(isLeft) ? told : featurizers };
}

/** What categories get when all that they should get is blocked, the best first. */
function alternativesFor({ purpose }: ColumnPurpose, { task }: PlanInput): readonly (readonly FeaturizerName[])[] {
  if (purpose !== 'Categorical' && purpose !== 'CategoricalHash') return [];
  return task === undefined ? [['CharGramCountVectorizer']] : [['CharGramCountVectorizer'], ['CatTargetEncoder']];
}

/** What each featurizer is called where a job blocks it. */
const blocksOf: Readonly<Record<FeaturizerName, readonly BlockableTransformer[]>> = {
  Numbers: [],
  Imputer: [],
  ImputationMarker: [],
  LabelEncoder: ['LabelEncoder'],
  CharGramCountVectorizer: ['CountVectorizer', 'OneHotEncoder'],
  DateTimeTransformer: [],
  DateSpans: [],
  CharGramTfIdf: ['TfIdf'],
  WordGramTfIdf: ['TfIdf'],
  WordTfIdf: ['TfIdf'],
  TextTruncatedSVD: ['TfIdf'],
  HashOneHotEncoder: ['HashOneHotEncoder'],
  CountEncoder: ['CatTargetEncoder'],
  CatTargetEncoder: ['CatTargetEncoder'],
  WoETargetEncoder: ['WoETargetEncoder'],
  TextTargetEncoder: ['TextTargetEncoder', 'NaiveBayes'],
};

function reasonToDrop(column: Column, { purpose, reason, duplicateOf }: ColumnPurpose): string | undefined {
  if (duplicateOf !== undefined) return `It holds the same as "${duplicateOf}" in every row.`;
  switch (purpose) {
    case 'Hashes':
    case 'Ignore':
    case 'AllNan':
      return reason ?? `Its purpose is ${purpose}.`;
    case 'Numeric':
      return column.kind === 'string' ? 'It is to be read as numbers but holds text.' : undefined;
    case 'DateTime':
    case 'Text':
      return column.kind === 'numeric' ? `Its purpose is ${purpose} but it holds numbers.` : undefined;
    default:
      return undefined;
  }
}

type Wanted = Pick<ColumnPlan, 'told' | 'categories' | 'order' | 'imputation' | 'hashColumns' | 'tfIdf'> & {
  readonly wanted: readonly FeaturizerName[];
};

function wantedFor(column: Column, purpose: ColumnPurpose, input: PlanInput): Wanted {
  const { family, settings = defaultSettings, task } = input;
  const trees = family === 'trees';
  const asked = settings.imputations[column.name];
  switch (purpose.purpose) {
    case 'DateTime': {
      const imputation = asked ?? (trees ? undefined : { strategy: 'mode' as const });
      return {
        wanted: trees ? ['DateTimeTransformer', 'DateSpans'] : ['DateTimeTransformer'],
        told: trees ? ['DateTimeTransformer', 'DateSpans'] : ['DateTimeTransformer'],
        ...(purpose.order === undefined ? {} : { order: purpose.order }),
        ...(imputation === undefined ? {} : { imputation }),
      };
    }
    case 'Text': {
      const words: FeaturizerName[] = trees
        ? ['WordTfIdf', 'TextTruncatedSVD', ...(task ? (['TextTargetEncoder'] as const) : [])]
        : ['WordGramTfIdf'];
      const tfIdf = settingOf(settings.tfIdf, column.name);
      return { wanted: words, told: words, ...(tfIdf === undefined ? {} : { tfIdf }) };
    }
    case 'Numeric':
      return numericPlan(column, input, asked);
    default:
      return categoryPlan(column, purpose, input, asked);
  }
}

function numericPlan(column: Column, { family, rows }: PlanInput, asked: Imputation | undefined): Wanted {
  const told: FeaturizerName[] = hasUnusable(column, rows) ? ['Imputer', 'ImputationMarker'] : ['Imputer'];
  // A tree that routes missing values has the number and its marker in one; what the job asks for is done all the same.
  const wanted: readonly FeaturizerName[] = family === 'trees' && asked === undefined ? ['Numbers'] : told;
  return { wanted, told, imputation: asked ?? { strategy: 'mean' } };
}

function categoryPlan(column: Column, purpose: ColumnPurpose, input: PlanInput, asked: Imputation | undefined): Wanted {
  const { family, rows, settings = defaultSettings, task } = input;
  const counts = countValues(column, rows);
  const present = [...counts.keys()].filter((value) => !isMissing(value)).length;
  const imputation = asked === undefined ? {} : { imputation: asked };
  const categories = Math.min(MOST_CATEGORIES, present) + (counts.size > present && asked === undefined ? 1 : 0);
  if (purpose.purpose === 'CategoricalHash' && column.kind === 'string') {
    const hashColumns = settingOf(settings.hashColumns, column.name) ?? 2 ** Math.floor(Math.log2(Math.max(2, present)));
    const statistics: FeaturizerName[] = task === undefined ? [] : ['CountEncoder', 'CatTargetEncoder'];
    const ofClasses: FeaturizerName[] = task === 'classification' ? ['WoETargetEncoder'] : [];
    return family === 'trees'
      ? // The values themselves tell trees all that their hashes do.
        {
          wanted: ['CharGramCountVectorizer', ...statistics],
          told: ['HashOneHotEncoder', ...statistics],
          hashColumns,
          categories,
          ...imputation,
        }
      : {
          wanted: ['HashOneHotEncoder', ...ofClasses],
          told: ['HashOneHotEncoder', ...ofClasses],
          hashColumns,
          categories,
          ...imputation,
        };
  }
  const told: FeaturizerName[] = present <= 2 ? ['LabelEncoder'] : ['CharGramCountVectorizer'];
  // Whole numbers of few values are Categorical to Azure; read as numbers they keep their order, and a tree loses nothing by it.
  const byOrder = column.kind === 'numeric' && purpose.byUser !== true && asked === undefined;
  const wanted: Record<Family, readonly FeaturizerName[]> = {
    trees: [byOrder ? 'Numbers' : 'CharGramCountVectorizer'],
    linear: byOrder && present > FEW_VALUES ? ['Imputer', ...told] : told,
  };
  return { wanted: wanted[family], told, categories, ...imputation };
}

function hasUnusable(column: Column, rows: Int32Array): boolean {
  if (column.kind !== 'numeric') return false;
  const { values } = column;
  for (let i = 0; i < rows.length; i++) if (!Number.isFinite(values[rows[i] as number] as number)) return true;
  return false;
}
