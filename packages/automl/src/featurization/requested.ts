/** A table as a job's `featurization` block wants it read: what each column is and why, settings that hold, text made numbers. */
import { type Featurization, MalachiteError } from '@malachite/core';
import { type DetectedPurpose, dateFormatOf, detectPurpose, duplicateColumns } from '../purpose/index.ts';
import { type Column, numericColumn, type StringColumn, type Table } from '../table/table.ts';
import { columnOf, requireDistinctNames } from './columns.ts';
import { type DateOrder, dateParts, datePositions } from './dates.ts';
import type { ColumnPurpose, Purpose } from './plan.ts';
import { type FeaturizationSettings, readSettings } from './settings.ts';

/** What is known of a column and what was decided for it. */
export type RequestedPurpose = DetectedPurpose & ColumnPurpose;

export type RequestedFeaturization = {
  /** The feature columns; text that the job calls Numeric is numbers. */
  readonly features: Table;
  readonly purposes: Readonly<Record<string, RequestedPurpose>>;
  readonly settings: FeaturizationSettings;
  /** Things worth telling. */
  readonly notes: readonly string[];
};

/**
 * @param features The feature columns.
 * @throws MalachiteError `InvalidInput` naming the field or column, what is wrong and what to do.
 */
export function requestedFeaturization(features: Table, asked: Featurization = {}): RequestedFeaturization {
  requireDistinctNames(features);
  const { mode = 'auto', columnNameAndTypes = {} } = asked;
  const settings = readSettings(mode === 'off' ? {} : asked, features);
  const notes = unheeded(asked);
  if (mode === 'off') return { features, purposes: readAsNumbers(features), settings, notes };
  const types = new Map<string, Purpose>(Object.entries(columnNameAndTypes));
  for (const name of types.keys()) columnOf('featurization.columnNameAndTypes', name, features);
  const columns = features.columns.map((column) => (types.get(column.name) === 'Numeric' ? asNumbers(column) : column));
  const duplicates = duplicateColumns(columns);
  const purposes = columns.map((column): [string, RequestedPurpose] => {
    const type = types.get(column.name);
    if (type !== undefined) return [column.name, asRequested(column, type)];
    const duplicateOf = duplicates.get(column.name);
    return [column.name, { ...detectPurpose(column), ...(duplicateOf === undefined ? {} : { duplicateOf }) }];
  });
  return {
    features: { ...features, columns },
    purposes: Object.fromEntries(purposes),
    settings,
    notes: [...notes, ...withoutEffect(asked, new Map(purposes))],
  };
}

/** The purposes whose columns a transformer reads. */
const readBy: Readonly<Record<keyof NonNullable<Featurization['transformerParams']>, readonly Purpose[]>> = {
  Imputer: ['Numeric', 'Categorical', 'CategoricalHash', 'DateTime'],
  HashOneHotEncoder: ['CategoricalHash'],
  TfIdf: ['Text'],
};

/** `a`, `a or b`, `a, b or c` */
function listed(purposes: readonly Purpose[]): string {
  return purposes.join(', ').replace(/, (?=[^,]*$)/, ' or ');
}

/** Parameters for columns that their transformer does not read, each a sentence. */
function withoutEffect({ transformerParams = {} }: Featurization, purposes: ReadonlyMap<string, RequestedPurpose>): string[] {
  return (Object.keys(readBy) as (keyof typeof readBy)[]).flatMap((transformer) =>
    (transformerParams[transformer] ?? [])
      .flatMap(({ fields = [] }) => fields)
      .flatMap((name) => {
        const purpose = purposes.get(name)?.purpose;
        if (purpose === undefined || readBy[transformer].includes(purpose)) return [];
        return [
          `transformerParams.${transformer} has no effect on column "${name}": it is ${purpose}, not ${listed(readBy[transformer])}.`,
        ];
      }),
  );
}

/** Fields that change nothing here, each a sentence. */
function unheeded(asked: Featurization): string[] {
  const notes: string[] = [];
  if (asked.enableDnnFeaturization === true) {
    notes.push('enableDnnFeaturization: there are no neural text features here; text is read as words.');
  }
  if (asked.datasetLanguage !== undefined)
    notes.push('datasetLanguage: words are told apart by their letters alone, in any language.');
  for (const name of asked.blockedTransformers ?? []) {
    if (name === 'WordEmbedding') notes.push('blockedTransformers: WordEmbedding is not used here in any case.');
  }
  const off = ['blockedTransformers', 'columnNameAndTypes', 'transformerParams'] as const;
  const ignored = asked.mode === 'off' ? off.filter((field) => asked[field] !== undefined) : [];
  if (ignored.length > 0)
    notes.push(`featurization.mode is off: ${ignored.join(', ')} are not looked at. Set mode custom to use them.`);
  return notes;
}

/** Featurization is off: numbers as they are. */
function readAsNumbers(features: Table): Record<string, RequestedPurpose> {
  const texts = features.columns.filter((column) => column.kind === 'string').map((column) => column.name);
  if (texts.length > 0) {
    throw new MalachiteError(
      'InvalidInput',
      `Featurization is off, but these columns hold text: ${texts.join(', ')}. Drop them, make them numbers, or set mode auto.`,
    );
  }
  const reason = 'Featurization is off: numbers are read as they are.';
  return Object.fromEntries(
    features.columns.map((column) => [column.name, { ...detectPurpose(column), purpose: 'Numeric', reason }]),
  );
}

function asRequested(column: Column, purpose: Purpose): RequestedPurpose {
  const detected = detectPurpose(column);
  const reason =
    detected.purpose === purpose ? detected.reason : `The job says so; it looks like ${detected.purpose}: ${detected.reason}`;
  const requested = { ...detected, purpose, reason, byUser: true };
  if (purpose === 'Text' && column.kind === 'numeric')
    throw wrongType(column, purpose, 'It holds numbers. Use Numeric or Categorical');
  if (purpose === 'DateTime')
    return { ...requested, order: column.kind === 'numeric' ? noDates(column, '') : dateOrderOf(column) };
  return requested;
}

/** The order that most of the column's dates can be read in. */
function dateOrderOf(column: StringColumn): DateOrder {
  const written = dateFormatOf(column.dictionary);
  if (written !== undefined) return written.order;
  const readable = (order: DateOrder) => column.dictionary.filter((text) => dateParts(text, order) !== undefined).length;
  const orders = (Object.keys(datePositions) as DateOrder[]).map((order) => ({ order, count: readable(order) }));
  const best = orders.reduce((most, candidate) => (candidate.count > most.count ? candidate : most));
  return best.count > 0 ? best.order : noDates(column, `, such as "${column.dictionary[0] ?? ''}"`);
}

function noDates(column: Column, example: string): never {
  throw wrongType(
    column,
    'DateTime',
    `None of its values is a date that is read here${example}. Write dates like 2024-02-29 13:05:00`,
  );
}

/** A text column of nothing but numbers, as numbers. */
function asNumbers(column: Column): Column {
  if (column.kind === 'numeric') return column;
  const numbers = column.dictionary.map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  const bad = numbers.findIndex((number, i) => Number.isNaN(number) && column.dictionary[i] !== '');
  if (bad >= 0)
    throw wrongType(column, 'Numeric', `"${column.dictionary[bad]}" is no number. Use Categorical or Text, or clean the data`);
  const values = new Float64Array(column.codes.length);
  for (let row = 0; row < values.length; row++) values[row] = numbers[column.codes[row] as number] ?? Number.NaN;
  return numericColumn(column.name, values);
}

function wrongType({ name }: Column, type: Purpose, why: string): MalachiteError {
  return new MalachiteError('InvalidInput', `featurization.columnNameAndTypes: column "${name}" cannot be ${type}. ${why}.`);
}
