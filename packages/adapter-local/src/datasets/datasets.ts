/** The datasets port: immutable versions over the blob store, read by DuckDB. */
import { createHash } from 'node:crypto';
import { type Dataset, type Datasets, MalachiteError, type VersionInput } from '@malachite/core';
import { contentSha256, mustBeNamed, storedFiles } from '../store/assets.ts';
import type { Context } from '../store/context.ts';
import { readRows } from './cells.ts';
import { datasetRows, fromRow, toRow } from './dataset-records.ts';
import { refused, withDuckDB } from './duckdb.ts';
import { inspectFiles } from './inspect.ts';
import { profileTable, type TableProfile } from './profile.ts';
import { defaultQueryLimits, type QueryLimits, queryTable } from './query.ts';
import { type Reading, relation } from './reading.ts';

/**
 * @param limits of one `query`; given by tests
 */
export function localDatasets(context: Context, limits: QueryLimits = defaultQueryLimits): Datasets {
  const { db, blobs, clock, onDatasetVersion } = context;
  const rows = datasetRows(db);

  return {
    async create(input) {
      mustBeNamed('dataset', input.name, input.version);
      const files = await storedFiles(blobs, input.files);
      const type = input.type ?? defaultType(files);
      if (type === 'uri_file' && files.length !== 1) {
        throw new MalachiteError('InvalidInput', `A uri_file is one file, not ${files.length}. Use uri_folder or mltable.`);
      }
      const sha256 = contentSha256(files);
      const content = { name: input.name, version: input.version, type, sha256 };
      const known = rows.holding(content);
      if (known) return fromRow(known).dataset;

      const { format, reading, rowCount } = await inspectFiles(blobs, type, files);
      const { dataset, isNew } = db.transaction(() => {
        // Somebody may have created it while the files were read.
        const meanwhile = rows.holding(content);
        if (meanwhile) return { dataset: fromRow(meanwhile).dataset, isNew: false };
        const created: Dataset = {
          name: input.name,
          version: input.version ?? rows.next(input.name),
          type,
          format,
          description: input.description,
          tags: input.tags,
          properties: input.properties,
          files,
          sha256,
          sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
          rowCount,
          columns: reading ? [...reading.columns] : [],
          isArchived: false,
          createdAt: clock().toISOString(),
        };
        rows.insert(toRow({ dataset: created, reading: reading && addressed(reading, blobs.path, files) }));
        return { dataset: created, isNew: true };
      });
      if (isNew) onDatasetVersion.emit(dataset);
      return dataset;
    },

    async get(input) {
      return fromRow(rows.find(input)).dataset;
    },

    async list({ includeArchived = false }) {
      return rows.latest(includeArchived).map((row) => fromRow(row).dataset);
    },

    async versions({ name }) {
      return rows.versions(name).map((row) => fromRow(row).dataset);
    },

    async profile(input) {
      const { name, version } = rows.find(input);
      const { reading, key } = tabular(context, { name, version });
      const cached = db.get<{ profile: string }>('SELECT profile FROM dataset_profiles WHERE key = ?', [key]);
      const profile = cached ? (JSON.parse(cached.profile) as TableProfile) : await profileTable(reading);
      if (!cached) db.run('INSERT OR IGNORE INTO dataset_profiles (key, profile) VALUES (?, ?)', [key, JSON.stringify(profile)]);
      return { name, version, rowCount: profile.rowCount, columns: [...profile.columns] };
    },

    async preview({ limit = 20, offset = 0, ...input }) {
      const { reading } = tabular(context, input);
      return withDuckDB(async (connection) => {
        try {
          const sql = `SELECT * FROM ${relation(reading)} LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`;
          return await readRows(await connection.stream(sql), limit);
        } catch (error) {
          throw refused(`Dataset "${input.name}" cannot be read`, error);
        }
      });
    },

    async query({ sql, limit = 1000, ...input }) {
      const { reading } = tabular(context, input);
      return queryTable(reading, ['data', input.name], sql, limit, limits);
    },

    async archive(input) {
      rows.setArchived(input, true);
    },

    async restore(input) {
      rows.setArchived(input, false);
    },
  };
}

/**
 * How to read a dataset's files as a table, with absolute paths: what a job process is given, for `readTable`.
 *
 * @throws NotFound; InvalidInput for a dataset without columns
 */
export function datasetReading(context: Context, input: VersionInput): Reading {
  return tabular(context, input).reading;
}

function tabular({ db, blobs }: Context, input: VersionInput): { readonly reading: Reading; readonly key: string } {
  const { dataset, reading } = fromRow(datasetRows(db).find(input));
  if (!reading) {
    throw new MalachiteError(
      'InvalidInput',
      `Dataset "${dataset.name}:${dataset.version}" has no columns: its files are not CSV, Parquet or JSON lines.`,
    );
  }
  const sources = reading.sources.map((source) => ({ ...source, path: blobs.path(source.path) }));
  return { reading: { ...reading, sources }, key: createHash('sha256').update(JSON.stringify(reading)).digest('hex') };
}

function defaultType(files: readonly { readonly path: string }[]): Dataset['type'] {
  if (files.some(({ path }) => path === 'MLTable')) return 'mltable';
  return files.length === 1 ? 'uri_file' : 'uri_folder';
}

/** The reading with sha256s in place of absolute paths, as it is stored. */
function addressed(reading: Reading, pathOf: (sha256: string) => string, files: readonly { readonly sha256: string }[]): Reading {
  const addresses = new Map(files.map(({ sha256 }) => [pathOf(sha256), sha256]));
  return { ...reading, sources: reading.sources.map((source) => ({ ...source, path: addresses.get(source.path) as string })) };
}
