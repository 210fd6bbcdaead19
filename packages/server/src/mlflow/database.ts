/** The tables of the tracking store: experiments, runs with their parameters, metrics and tags, artifacts, the registry's words. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLInputValue>>;

export type Database = {
  get<R>(sql: string, values?: readonly SQLInputValue[]): R | undefined;
  all<R>(sql: string, values?: readonly SQLInputValue[]): R[];
  run(sql: string, values?: readonly SQLInputValue[]): number;
  /** All of it, or nothing. */
  transaction<R>(work: () => R): R;
  close(): void;
};

const schema = `
  CREATE TABLE IF NOT EXISTS experiments (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, lifecycle TEXT NOT NULL DEFAULT 'active',
    created INTEGER NOT NULL, updated INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS experiment_tags (
    experiment_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (experiment_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL, name TEXT NOT NULL, user_id TEXT NOT NULL, status TEXT NOT NULL,
    start_time INTEGER NOT NULL, end_time INTEGER, lifecycle TEXT NOT NULL DEFAULT 'active', job TEXT, job_stamp TEXT,
    sequence INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_experiment ON runs (experiment_id, start_time DESC);
  CREATE INDEX IF NOT EXISTS runs_job ON runs (job);
  CREATE TABLE IF NOT EXISTS params (
    run_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tags (
    run_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS metrics (
    run_id TEXT NOT NULL, key TEXT NOT NULL, value REAL, special TEXT, timestamp INTEGER NOT NULL, step INTEGER NOT NULL,
    model_id TEXT, dataset_name TEXT, dataset_digest TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS metrics_run ON metrics (run_id, key, step, timestamp);
  CREATE TABLE IF NOT EXISTS latest_metrics (
    run_id TEXT NOT NULL, key TEXT NOT NULL, value REAL, special TEXT, timestamp INTEGER NOT NULL, step INTEGER NOT NULL,
    PRIMARY KEY (run_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS latest_metrics_value ON latest_metrics (key, value);
  CREATE INDEX IF NOT EXISTS params_value ON params (key, value);
  CREATE INDEX IF NOT EXISTS tags_value ON tags (key, value);
  CREATE TABLE IF NOT EXISTS inputs (run_id TEXT NOT NULL, body TEXT NOT NULL, kind TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS inputs_run ON inputs (run_id);
  CREATE TABLE IF NOT EXISTS artifacts (
    root TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (root, path)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS logged_models (
    id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, source_run_id TEXT,
    model_type TEXT, params TEXT NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS registered_models (
    name TEXT PRIMARY KEY, description TEXT NOT NULL, tags TEXT NOT NULL, aliases TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS model_versions (
    name TEXT NOT NULL, version TEXT NOT NULL, description TEXT NOT NULL, source TEXT NOT NULL, run_id TEXT, model_id TEXT,
    stage TEXT NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (name, version)
  ) STRICT;
`;

/** Opens the store in a file, made when it is not there; `:memory:` keeps nothing. */
export function openDatabase(file: string): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec(schema);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  let depth = 0;
  return {
    get: <R>(sql: string, values: readonly SQLInputValue[] = []) => prepared(sql).get(...values) as R | undefined,
    all: <R>(sql: string, values: readonly SQLInputValue[] = []) => prepared(sql).all(...values) as R[],
    run: (sql, values = []) => Number(prepared(sql).run(...values).changes),
    transaction(work) {
      if (depth > 0) return work();
      database.exec('BEGIN IMMEDIATE');
      depth++;
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      } finally {
        depth--;
      }
    },
    close: () => database.close(),
  };
}
