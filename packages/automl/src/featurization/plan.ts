/**
 * Which featurizer each column gets, from its purpose and the family of learner that will read it.
 *
 * Trees route missing values and split on sets of categories, so they take columns nearly raw. Linear learners take what Azure
 * ML's featurization makes: imputed numbers with a marker, one-hot categories, parts of dates.
 */
import type { Column } from '../table/table.ts';
import { countValues } from './categories.ts';
import type { DateOrder } from './dates.ts';
import { isMissing } from './featurizer.ts';

/** Azure ML's column purposes. */
export type Purpose = 'Numeric' | 'Categorical' | 'CategoricalHash' | 'DateTime' | 'Text' | 'Hashes' | 'Ignore' | 'AllNan';

export type ColumnPlan = {
  readonly name: string;
  readonly purpose: Purpose;
  /** Names of the featurizers that read the column; none when it is dropped. */
  readonly featurizers: readonly FeaturizerName[];
  /** How the column writes dates, for DateTime. */
  readonly order?: DateOrder;
  /** Why the column is not used, when it is not. */
  readonly droppedBecause?: string;
};

export type FeaturizerName =
  | 'Numbers'
  | 'MeanImputer'
  | 'ImputationMarker'
  | 'CharGramCountVectorizer'
  | 'LabelEncoder'
  | 'DateTimeTransformer'
  | 'WordGramTfIdf';

/** What is known of a column: its purpose, who chose it, and for dates their order. */
export type ColumnPurpose = {
  readonly purpose: Purpose;
  readonly order?: DateOrder;
  /** Why it has that purpose, in words. */
  readonly reason?: string;
  /** True when the user named the purpose: a number column that is Categorical by request is split by sets, not by size. */
  readonly byUser?: boolean;
};

export type Family = 'trees' | 'linear';

export function planColumn(column: Column, purpose: ColumnPurpose, family: Family, rows: Int32Array): ColumnPlan {
  const plan = { name: column.name, purpose: purpose.purpose };
  const dropped = reasonToDrop(column, purpose);
  if (dropped !== undefined) return { ...plan, featurizers: [], droppedBecause: dropped };
  const featurizers = family === 'trees' ? forTrees(column, purpose) : forLinear(column, purpose, rows);
  return purpose.order === undefined ? { ...plan, featurizers } : { ...plan, featurizers, order: purpose.order };
}

function reasonToDrop(column: Column, { purpose, reason }: ColumnPurpose): string | undefined {
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

function forTrees(column: Column, { purpose, byUser }: ColumnPurpose): readonly FeaturizerName[] {
  if (purpose === 'DateTime') return ['DateTimeTransformer'];
  if (purpose === 'Text') return ['WordGramTfIdf'];
  // Whole numbers of few values are Categorical to Azure; a tree loses nothing, and keeps their order, reading them as numbers.
  if (column.kind === 'numeric' && !(byUser && purpose !== 'Numeric')) return ['Numbers'];
  return ['CharGramCountVectorizer'];
}

function forLinear(column: Column, { purpose }: ColumnPurpose, rows: Int32Array): readonly FeaturizerName[] {
  if (purpose === 'DateTime') return ['DateTimeTransformer'];
  if (purpose === 'Text') return ['WordGramTfIdf'];
  if (purpose === 'Numeric') return hasUnusable(column, rows) ? ['MeanImputer', 'ImputationMarker'] : ['MeanImputer'];
  const values = [...countValues(column, rows).keys()].filter((value) => !isMissing(value));
  return values.length <= 2 ? ['LabelEncoder'] : ['CharGramCountVectorizer'];
}

function hasUnusable(column: Column, rows: Int32Array): boolean {
  return column.kind === 'numeric' && rows.some((row) => !Number.isFinite(column.values[row] as number));
}
