/**
 * The workspace's metadata: one SQLite file, written by one process. WAL with `synchronous=FULL`, so that what a
 * committed call has answered survives a crash of the process and of the machine.
 */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export type SqlValue = SQLInputValue;
/** Positional (`?`) or named (`:name`) values; booleans are stored as 0 and 1, `undefined` as NULL. */
export type SqlParams = readonly (SqlValue | boolean | undefined)[] | Readonly<Record<string, SqlValue | boolean | undefined>>;

export type Changes = { readonly changes: number; readonly lastInsertRowid: number };

export interface Database {
  /** One statement without an answer. */
  run(sql: string, params?: SqlParams): Changes;
  /** The first row, or undefined. `T` is the row's shape as the SQL names its columns. */
  get<T extends object>(sql: string, params?: SqlParams): T | undefined;
  all<T extends object>(sql: string, params?: SqlParams): T[];
  /** Several statements without parameters, such as a schema. */
  exec(sql: string): void;
  /**
   * Everything `work` does, or nothing of it when it throws. A transaction inside a transaction is a savepoint.
   * `work` is synchronous: nothing else gets in between.
   */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** Opens or makes the file (`:memory:` for one without). One that it makes is its owner's alone: it holds keys. Waits up to 5 s for a lock. */
export function openDatabase(file: string): Database {
  // SQLite gives the journals beside a file the same permissions.
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
  const sqlite = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5000 });
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const prepared = new Map<string, StatementSync>();
  let depth = 0;

  const statement = (sql: string): StatementSync => {
    let found = prepared.get(sql);
    if (!found) {
      if (prepared.size >= 500) prepared.clear();
      found = sqlite.prepare(sql);
      prepared.set(sql, found);
    }
    return found;
  };

  /** `node:sqlite` takes named values as one object and positional ones spread out. */
  const bound = (sql: string, params: SqlParams) => {
    const prepared = statement(sql);
    if (isPositional(params)) {
      const values = params.map(stored);
      return {
        run: () => prepared.run(...values),
        get: () => prepared.get(...values),
        all: () => prepared.all(...values),
      };
    }
    const named = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, stored(value)]));
    return { run: () => prepared.run(named), get: () => prepared.get(named), all: () => prepared.all(named) };
  };

  return {
    run(sql, params = []) {
      const { changes, lastInsertRowid } = bound(sql, params).run();
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
    get<T extends object>(sql: string, params: SqlParams = []) {
      return bound(sql, params).get() as T | undefined;
    },
    all<T extends object>(sql: string, params: SqlParams = []) {
      return bound(sql, params).all() as T[];
    },
    exec(sql) {
      sqlite.exec(sql);
    },
    transaction(work) {
      const level = depth;
      sqlite.exec(level === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT level${level}`);
      depth++;
      try {
        const answer = work();
        sqlite.exec(level === 0 ? 'COMMIT' : `RELEASE level${level}`);
        return answer;
      } catch (error) {
        // A failed COMMIT may have ended the transaction itself.
        if (sqlite.isTransaction) sqlite.exec(level === 0 ? 'ROLLBACK' : `ROLLBACK TO level${level}; RELEASE level${level}`);
        throw error;
      } finally {
        depth--;
      }
    },
    close() {
      prepared.clear();
      sqlite.close();
    },
  };
}

function isPositional(params: SqlParams): params is readonly (SqlValue | boolean | undefined)[] {
  return Array.isArray(params);
}

function stored(value: SqlValue | boolean | undefined): SqlValue {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? Number(value) : value;
}
