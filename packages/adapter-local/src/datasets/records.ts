/** Dataset versions as rows of the database. */
import { type Dataset, type DatasetColumn, MalachiteError, type VersionInput } from '@malachite/core';
import type { StoredFile } from '../store/assets.ts';
import type { Database } from '../store/database.ts';
import type { Reading } from './reading.ts';

/** A dataset, and how its files are read (null: not as a table). Paths in the reading are sha256s. */
export type DatasetRecord = { readonly dataset: Dataset; readonly reading: Reading | null };

type Row = {
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

export function insertDataset(db: Database, { dataset, reading }: DatasetRecord): void {
  db.run(
    `INSERT INTO datasets (name, version, type, format, description, tags, properties, files, sha256, size_bytes, row_count,
       columns, reading, is_archived, created_at)
     VALUES (:name, :version, :type, :format, :description, :tags, :properties, :files, :sha256, :sizeBytes, :rowCount,
       :columns, :reading, 0, :createdAt)`,
    {
      name: dataset.name,
      version: dataset.version,
      type: dataset.type,
      format: dataset.format,
      description: dataset.description,
      tags: dataset.tags && JSON.stringify(dataset.tags),
      properties: dataset.properties && JSON.stringify(dataset.properties),
      files: JSON.stringify(dataset.files),
      sha256: dataset.sha256,
      sizeBytes: dataset.sizeBytes,
      rowCount: dataset.rowCount,
      columns: JSON.stringify(dataset.columns),
      reading: reading && JSON.stringify(reading),
      createdAt: dataset.createdAt,
    },
  );
}

/** The version asked for, or the latest that is not archived (or the latest at all, when all are). */
export function findDataset(db: Database, { name, version }: VersionInput): DatasetRecord | undefined {
  const row =
    version === undefined
      ? db.get<Row>('SELECT * FROM datasets WHERE name = ? ORDER BY is_archived, sequence DESC LIMIT 1', [name])
      : db.get<Row>('SELECT * FROM datasets WHERE name = ? AND version = ?', [name, version]);
  return row && fromRow(row);
}

/** As `findDataset`; `NotFound` names the versions there are. */
export function mustFindDataset(db: Database, input: VersionInput): DatasetRecord {
  const found = findDataset(db, input);
  if (found) return found;
  const versions = versionsOf(db, input.name).map(({ dataset }) => dataset.version);
  const asked = input.version === undefined ? input.name : `${input.name}:${input.version}`;
  const there = versions.length > 0 ? `Versions: ${versions.reverse().join(', ')}.` : 'There is no dataset of that name.';
  throw new MalachiteError('NotFound', `Dataset "${asked}" does not exist. ${there}`);
}

/** Newest first. */
export function versionsOf(db: Database, name: string): DatasetRecord[] {
  return db.all<Row>('SELECT * FROM datasets WHERE name = ? ORDER BY sequence DESC', [name]).map(fromRow);
}

/** The latest version of every dataset, by name; archived versions count only when they are asked for. */
export function latestDatasets(db: Database, includeArchived: boolean): DatasetRecord[] {
  return db
    .all<Row>(
      `SELECT * FROM datasets WHERE sequence IN
         (SELECT max(sequence) FROM datasets WHERE is_archived = 0 OR ? GROUP BY name) ORDER BY name`,
      [includeArchived],
    )
    .map(fromRow);
}

export function setArchived(db: Database, { name, version }: VersionInput, isArchived: boolean): void {
  db.run('UPDATE datasets SET is_archived = ? WHERE name = ? AND version = coalesce(?, version)', [isArchived, name, version]);
}

function fromRow(row: Row): DatasetRecord {
  return {
    dataset: {
      name: row.name,
      version: row.version,
      type: row.type,
      format: row.format,
      ...(row.description === null ? {} : { description: row.description }),
      ...(row.tags === null ? {} : { tags: JSON.parse(row.tags) as Record<string, string> }),
      ...(row.properties === null ? {} : { properties: JSON.parse(row.properties) as Record<string, string> }),
      files: JSON.parse(row.files) as StoredFile[],
      sha256: row.sha256,
      sizeBytes: row.size_bytes,
      rowCount: row.row_count,
      columns: JSON.parse(row.columns) as DatasetColumn[],
      isArchived: row.is_archived === 1,
      createdAt: row.created_at,
    },
    reading: row.reading === null ? null : (JSON.parse(row.reading) as Reading),
  };
}
