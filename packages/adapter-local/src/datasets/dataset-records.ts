/** Dataset versions as rows of the database. */
import type { Dataset, DatasetColumn, Tags } from '@malachite/core';
import type { StoredFile } from '../store/assets.ts';
import type { Database } from '../store/database.ts';
import { fromJson, fromJsonOr, toJson } from '../store/json.ts';
import { type VersionedTable, versionedTable } from '../store/versioned.ts';
import type { Reading } from './reading.ts';

/** A dataset, and how its files are read (null: not as a table). Paths in the reading are sha256s. */
export type DatasetRecord = { readonly dataset: Dataset; readonly reading: Reading | null };

export type DatasetRow = {
  name: string;
  version: string;
  type: Dataset['type'];
  format: Dataset['format'];
  description: string | null;
  tags: string | null;
  properties: string | null;
  files: string;
  sha256: string;
  size_bytes: number;
  row_count: number | null;
  columns: string;
  reading: string | null;
  is_archived: number;
  created_at: string;
};

export function datasetRows(db: Database): VersionedTable<DatasetRow> {
  return versionedTable<DatasetRow>(db, 'datasets', 'dataset');
}

export function toRow({ dataset, reading }: DatasetRecord): DatasetRow {
  return {
    name: dataset.name,
    version: dataset.version,
    type: dataset.type,
    format: dataset.format,
    description: dataset.description ?? null,
    tags: toJson(dataset.tags),
    properties: toJson(dataset.properties),
    files: JSON.stringify(dataset.files),
    sha256: dataset.sha256,
    size_bytes: dataset.sizeBytes,
    row_count: dataset.rowCount,
    columns: JSON.stringify(dataset.columns),
    reading: toJson(reading),
    is_archived: Number(dataset.isArchived),
    created_at: dataset.createdAt,
  };
}

export function fromRow(row: DatasetRow): DatasetRecord {
  return {
    dataset: {
      name: row.name,
      version: row.version,
      type: row.type,
      format: row.format,
      description: row.description ?? undefined,
      tags: fromJsonOr<Tags>(row.tags),
      properties: fromJsonOr<Tags>(row.properties),
      files: fromJson<StoredFile[]>(row.files),
      sha256: row.sha256,
      sizeBytes: row.size_bytes,
      rowCount: row.row_count,
      columns: fromJson<DatasetColumn[]>(row.columns),
      isArchived: row.is_archived === 1,
      createdAt: row.created_at,
    },
    reading: fromJsonOr<Reading>(row.reading) ?? null,
  };
}
