/**
 * What clients sent, as they sent it. The workspace keeps what it understands; a document keeps the fields that it does
 * not, so that they come back, and the resources that Azure has and the workspace has no word for (code, environments,
 * components, further datastores).
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from './resource.ts';

export type Document = {
  readonly name: string;
  readonly body: JsonObject;
  readonly createdAt: string;
  readonly modifiedAt: string;
};

/** Kept under the path of collections and names below the workspace, `['data', 'bank', 'versions', '3']`; without case. */
export type Documents = {
  get(path: readonly string[]): Document | undefined;
  put(path: readonly string[], body: JsonObject): Document;
  /** Whether there was one. What lies below it goes too. */
  delete(path: readonly string[]): boolean;
  /** The documents right below a path that ends with a collection, newest first. */
  list(collection: readonly string[]): Document[];
  close(): void;
};

/** Opens the documents in a SQLite file, made when it is not there; `:memory:` keeps them nowhere. */
export function openDocuments(file: string, clock: () => Date = () => new Date()): Documents {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS documents (
      key TEXT PRIMARY KEY,
      parent TEXT NOT NULL,
      name TEXT NOT NULL,
      body TEXT NOT NULL,
      created_at TEXT NOT NULL,
      modified_at TEXT NOT NULL,
      sequence INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS documents_parent ON documents (parent, sequence);
  `);
  const one = database.prepare('SELECT * FROM documents WHERE key = ?');
  const below = database.prepare('SELECT * FROM documents WHERE parent = ? ORDER BY sequence DESC');
  const upsert = database.prepare(`
    INSERT INTO documents VALUES (:key, :parent, :name, :body, :at, :at, (SELECT coalesce(max(sequence), 0) + 1 FROM documents))
    ON CONFLICT (key) DO UPDATE SET body = :body, modified_at = :at`);
  const remove = database.prepare("DELETE FROM documents WHERE key = :key OR substr(key, 1, length(:key) + 1) = :key || '/'");
  const get = (path: readonly string[]): Document | undefined => {
    const row = one.get(keyOf(path)) as Row | undefined;
    return row && ofRow(row);
  };
  return {
    get,
    put(path, body) {
      const parent = keyOf(path.slice(0, -1));
      const text = JSON.stringify(body);
      upsert.run({ key: keyOf(path), parent, name: path.at(-1) as string, body: text, at: clock().toISOString() });
      return get(path) as Document;
    },
    delete: (path) => remove.run({ key: keyOf(path) }).changes > 0,
    list: (collection) => (below.all(keyOf(collection)) as Row[]).map(ofRow),
    close: () => database.close(),
  };
}

type Row = { readonly name: string; readonly body: string; readonly created_at: string; readonly modified_at: string };

const ofRow = (row: Row): Document => ({
  name: row.name,
  body: JSON.parse(row.body) as JsonObject,
  createdAt: row.created_at,
  modifiedAt: row.modified_at,
});

const keyOf = (path: readonly string[]): string => path.map((part) => encodeURIComponent(part.toLowerCase())).join('/');
