/** The `featurization` block of a job, read for one table: which transformers may run, on which columns, with which parameters. */
import type { BlockableTransformer, ColumnTransformer, Featurization } from '@malachite/core';
import { MalachiteError } from '@malachite/core';
import type { Column, Table } from '../table/table.ts';
import { columnOf } from './columns.ts';

export const imputationStrategies = ['mean', 'median', 'mode', 'constant'] as const;
/** What stands where a value is missing. Only `mode` and `constant` are for text. */
export type Imputation = {
  readonly strategy: (typeof imputationStrategies)[number];
  /** For `constant`: a number for a number column, else a text. */
  readonly fillValue?: number | string;
};

/** scikit-learn's names; Azure ML's values. */
export type TfIdfParams = {
  /** Words in more rows than this share, or than this number where it is above 1, are left out. */
  readonly max_df: number;
  /** Words in fewer rows than this number, or than this share where it is below 1, are left out. */
  readonly min_df: number;
  /** Most words kept, those of most rows; without it the room decides (see `text-grams.ts`). */
  readonly max_features?: number;
  readonly norm: 'l1' | 'l2' | 'none';
  readonly use_idf: boolean;
};

/** Plain data that can be posted to a thread. */
export type FeaturizationSettings = {
  readonly blocked: readonly BlockableTransformer[];
  /** By column name; a column that is not there is imputed by Azure's rule (mean, mode). */
  readonly imputations: Readonly<Record<string, Imputation>>;
  /** Columns of the hashed one-hot encoder by column name; '*' for all others. */
  readonly hashColumns: Readonly<Record<string, number>>;
  /** By column name; '*' for all others. */
  readonly tfIdf: Readonly<Record<string, Partial<TfIdfParams>>>;
};

export const defaultSettings: FeaturizationSettings = { blocked: [], imputations: {}, hashColumns: {}, tfIdf: {} };

/** A name that no column has: parameters for every column that is not named. */
const EVERY = '*';

/**
 * @param table The feature columns.
 * @throws MalachiteError `InvalidInput` naming the field, what is wrong with it and what is allowed.
 */
export function readSettings(
  { blockedTransformers = [], transformerParams = {} }: Featurization,
  table: Table,
): FeaturizationSettings {
  const imputations: Record<string, Imputation> = {};
  for (const { place, columns, parameters } of entries('Imputer', transformerParams.Imputer, table)) {
    const targets = columns ?? table.columns.filter((column) => column.kind === 'numeric' || !isOfNumbers(parameters));
    for (const column of targets) imputations[column.name] = readImputation(place, parameters, column);
  }
  const hashColumns: Record<string, number> = {};
  for (const { place, columns, parameters } of entries('HashOneHotEncoder', transformerParams.HashOneHotEncoder, table)) {
    const width = 2 ** readNumberOfBits(place, parameters);
    for (const name of columns?.map((column) => column.name) ?? [EVERY]) hashColumns[name] = width;
  }
  const tfIdf: Record<string, Partial<TfIdfParams>> = {};
  for (const { place, columns, parameters } of entries('TfIdf', transformerParams.TfIdf, table)) {
    const read = readTfIdf(place, parameters);
    for (const name of columns?.map((column) => column.name) ?? [EVERY]) tfIdf[name] = { ...tfIdf[name], ...read };
  }
  return { blocked: blockedTransformers, imputations, hashColumns, tfIdf };
}

/** What is set for a column: its own, else what is set for all. */
export function settingOf<T>(settings: Readonly<Record<string, T>>, column: string): T | undefined {
  return Object.hasOwn(settings, column) ? settings[column] : settings[EVERY];
}

type Parameters = NonNullable<ColumnTransformer['parameters']>;
type Entry = { readonly place: string; readonly columns: readonly Column[] | undefined; readonly parameters: Parameters };

/** The entries of one transformer; those for all columns first, so that named columns override them. */
function entries(transformer: string, list: readonly ColumnTransformer[] = [], table: Table): Entry[] {
  const read = list.map(({ fields = [], parameters = {} }, i) => {
    const place = `featurization.transformerParams.${transformer}[${i}]`;
    const columns = fields.length === 0 ? undefined : fields.map((name) => columnOf(`${place}.fields`, name, table));
    return { place: `${place}.parameters`, columns, parameters };
  });
  return [...read.filter(({ columns }) => columns === undefined), ...read.filter(({ columns }) => columns !== undefined)];
}

function readImputation(place: string, parameters: Parameters, column: Column): Imputation {
  known(place, parameters, ['strategy', 'fill_value']);
  const given = String(parameters.strategy ?? 'mean').toLowerCase();
  const strategy = imputationStrategies.find(
    (candidate) => candidate === given || (candidate === 'mode' && given === 'most_frequent'),
  );
  if (strategy === undefined) {
    throw wrong(place, 'strategy', parameters.strategy, `one of ${imputationStrategies.join(', ')}, most_frequent`);
  }
  if (column.kind === 'string' && (strategy === 'mean' || strategy === 'median')) {
    throw new MalachiteError(
      'InvalidInput',
      `${place}.strategy: column "${column.name}" holds text, which has no ${strategy}. Use mode, most_frequent or constant.`,
    );
  }
  if (strategy !== 'constant') return { strategy };
  const fill = parameters.fill_value;
  if (column.kind === 'string') {
    if (fill === undefined || fill === null || fill === '')
      throw wrong(place, 'fill_value', fill, 'a text for strategy constant');
    return { strategy, fillValue: String(fill) };
  }
  const number = fill === undefined || fill === null ? 0 : typeof fill === 'boolean' ? Number.NaN : Number(fill);
  if (!Number.isFinite(number)) throw wrong(place, 'fill_value', fill, `a number: column "${column.name}" holds numbers`);
  return { strategy, fillValue: number };
}

/** Whether an imputation for all columns is one for numbers only. */
function isOfNumbers({ strategy, fill_value: fill }: Parameters): boolean {
  const name = String(strategy ?? 'mean').toLowerCase();
  return name === 'mean' || name === 'median' || (name === 'constant' && typeof fill !== 'string');
}

function readNumberOfBits(place: string, parameters: Parameters): number {
  known(place, parameters, ['number_of_bits']);
  const bits = Number(parameters.number_of_bits ?? Number.NaN);
  if (Number.isInteger(bits) && bits >= 1 && bits <= 16) return bits;
  throw wrong(place, 'number_of_bits', parameters.number_of_bits, 'a whole number from 1 to 16');
}

function readTfIdf(place: string, parameters: Parameters): Partial<TfIdfParams> {
  known(place, parameters, ['max_df', 'min_df', 'max_features', 'norm', 'use_idf']);
  const read: { -readonly [K in keyof TfIdfParams]?: TfIdfParams[K] } = {};
  for (const name of ['max_df', 'min_df'] as const) {
    if (parameters[name] === undefined) continue;
    const value = Number(parameters[name]);
    if (!(value > 0) || (value > 1 && !Number.isInteger(value)) || parameters[name] === null)
      throw wrong(place, name, parameters[name], 'a share of the rows up to 1, or a number of rows');
    read[name] = value;
  }
  if (parameters.max_features !== undefined && parameters.max_features !== null) {
    const most = Number(parameters.max_features);
    if (!Number.isInteger(most) || most < 1)
      throw wrong(place, 'max_features', parameters.max_features, 'a whole number of at least 1');
    read.max_features = most;
  }
  if (parameters.norm !== undefined) {
    const norm = parameters.norm === null ? 'none' : parameters.norm;
    if (norm !== 'l1' && norm !== 'l2' && norm !== 'none') throw wrong(place, 'norm', parameters.norm, 'l1, l2 or null');
    read.norm = norm;
  }
  if (parameters.use_idf !== undefined) {
    const text = String(parameters.use_idf).toLowerCase();
    if (!['true', 'false', '1', '0'].includes(text)) throw wrong(place, 'use_idf', parameters.use_idf, 'true or false');
    read.use_idf = text === 'true' || text === '1';
  }
  return read;
}

function known(place: string, parameters: Parameters, names: readonly string[]): void {
  const unknown = Object.keys(parameters).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new MalachiteError('InvalidInput', `${place}: there is no parameter "${unknown}". Parameters: ${names.join(', ')}.`);
}

function wrong(place: string, name: string, value: unknown, allowed: string): MalachiteError {
  return new MalachiteError(
    'InvalidInput',
    `${place}.${name} is ${JSON.stringify(value) ?? 'not given'}; it must be ${allowed}.`,
  );
}
