/** Data assets: immutable, versioned, with a schema and a profile. */
import { type Static, Type } from 'typebox';
import {
  AssetFile,
  Fields,
  type ListInput,
  Name,
  type NameInput,
  Nullable,
  OneOf,
  Sha256,
  Strict,
  Time,
  Version,
  type VersionInput,
} from './schema.ts';

export const datasetTypes = ['uri_file', 'uri_folder', 'mltable'] as const;
/** What the files hold; `binary` has no columns and cannot be profiled or queried. */
export const datasetFormats = ['csv', 'parquet', 'jsonl', 'binary'] as const;
export const columnTypes = ['integer', 'number', 'string', 'boolean', 'date', 'timestamp'] as const;

export const DatasetColumn = Strict({ name: Type.String(), type: OneOf(columnTypes) });
export type DatasetColumn = Static<typeof DatasetColumn>;

export const Dataset = Type.Object({
  name: Name,
  version: Version,
  type: OneOf(datasetTypes),
  format: OneOf(datasetFormats),
  ...Fields,
  files: Type.Array(AssetFile),
  sha256: Type.Unsafe<string>({
    ...Sha256,
    description: 'Of the list of files: two versions with the same one hold the same bytes.',
  }),
  sizeBytes: Type.Integer(),
  rowCount: Nullable(Type.Integer()),
  columns: Type.Array(DatasetColumn),
  isArchived: Type.Boolean(),
  createdAt: Time,
});
export type Dataset = Static<typeof Dataset>;

export const DatasetCreate = Strict({
  name: Name,
  version: Type.Optional(Version),
  type: Type.Optional(OneOf(datasetTypes)),
  ...Fields,
  files: Type.Array(AssetFile, { minItems: 1 }),
});
export type DatasetCreate = Static<typeof DatasetCreate>;

export const ColumnProfile = Type.Object({
  name: Type.String(),
  type: OneOf(columnTypes),
  count: Type.Integer({ description: 'Values present.' }),
  missing: Type.Integer({ description: 'Nulls, and empty strings.' }),
  distinct: Type.Integer(),
  min: Nullable(Type.Union([Type.Number(), Type.String()])),
  max: Nullable(Type.Union([Type.Number(), Type.String()])),
  mean: Nullable(Type.Number()),
  std: Nullable(Type.Number({ description: 'Sample standard deviation (n - 1).' })),
  quantiles: Nullable(
    Type.Record(Type.String(), Type.Number(), { description: 'Keys 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99.' }),
  ),
  histogram: Nullable(
    Type.Object(
      { edges: Type.Array(Type.Number()), counts: Type.Array(Type.Integer()) },
      { description: 'Equal-width bins; one more edge than counts.' },
    ),
  ),
  topValues: Nullable(
    Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }), {
      description: 'The most frequent values, most frequent first.',
    }),
  ),
});
export type ColumnProfile = Static<typeof ColumnProfile>;

export const DatasetProfile = Type.Object({
  name: Name,
  version: Version,
  rowCount: Type.Integer(),
  columns: Type.Array(ColumnProfile),
});
export type DatasetProfile = Static<typeof DatasetProfile>;

/** Rows as a table; a cell is a JSON scalar, dates as ISO text. */
export const Rows = Type.Object({
  columns: Type.Array(DatasetColumn),
  rows: Type.Array(Type.Array(Nullable(Type.Union([Type.Number(), Type.String(), Type.Boolean()])))),
});
export type Rows = Static<typeof Rows>;

export const DatasetPreview = Strict({
  name: Name,
  version: Type.Optional(Version),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 20 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
});
export type DatasetPreview = Static<typeof DatasetPreview>;

export const DatasetQuery = Strict({
  name: Name,
  version: Type.Optional(Version),
  sql: Type.String({
    minLength: 1,
    description: 'One SELECT in DuckDB\'s SQL; the table is called "data", and by the dataset\'s own name.',
  }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1000 })),
});
export type DatasetQuery = Static<typeof DatasetQuery>;

export interface Datasets {
  /**
   * Records a new immutable version over bytes already in the datastore, with its schema. Files with the content of an
   * existing version answer that version; another content under a version that exists is a `Conflict`.
   *
   *     const { sha256 } = await workspace.datastore.put(createReadStream('bank.csv'));
   *     await workspace.datasets.create({ name: 'bank', files: [{ path: 'bank.csv', sha256 }] });
   */
  create(input: DatasetCreate): Promise<Dataset>;
  /** A version, or the latest. `NotFound` names the versions there are. */
  get(input: VersionInput): Promise<Dataset>;
  /** The latest version of every dataset. */
  list(input: ListInput): Promise<Dataset[]>;
  /** All versions of one dataset, newest first. */
  versions(input: NameInput): Promise<Dataset[]>;
  /** Statistics of every column. `InvalidInput` for a dataset without columns. */
  profile(input: VersionInput): Promise<DatasetProfile>;
  /** Some rows, in file order. */
  preview(input: DatasetPreview): Promise<Rows>;
  /** The answer of one SELECT over the dataset; it reads this dataset and nothing else. */
  query(input: DatasetQuery): Promise<Rows>;
  /** Hides a version (without `version`, all of them) from lists; jobs that name it still work. */
  archive(input: VersionInput): Promise<void>;
  /** Brings a version (without `version`, all of them) back from the archive: lists show it again. */
  restore(input: VersionInput): Promise<void>;
}
