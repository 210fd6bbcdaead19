/** The two tables of the registry: registered models, and what only MLflow has words for of their versions. */
import type { Database } from '../database.ts';
import { notFound } from '../errors.ts';
import { type KeyValue, toJson } from '../key-values.ts';

export type ModelRow = {
  readonly name: string;
  readonly description: string;
  /** JSON objects; an alias names a version. */
  readonly tags: string;
  readonly aliases: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
};

export type VersionRow = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly source: string;
  readonly run_id: string | null;
  readonly model_id: string | null;
  readonly stage: string;
  readonly tags: string;
  readonly created: number;
  readonly updated: number;
};

export type NewModel = { readonly name: string; readonly description?: string; readonly tags?: readonly KeyValue[] };

export type RegistryRows = ReturnType<typeof registryRows>;

export function registryRows(db: Database, now: () => number) {
  const model = (name: string): ModelRow => {
    const row = db.get<ModelRow>('SELECT * FROM registered_models WHERE name = ?', [name]);
    if (!row) throw notFound(`Registered Model with name=${name}`);
    return row;
  };
  const version = (name: string, number: string): VersionRow => {
    const row = db.get<VersionRow>('SELECT * FROM model_versions WHERE name = ? AND version = ?', [name, number]);
    if (!row) throw notFound(`Model Version (name=${name}, version=${number})`);
    return row;
  };
  return {
    /** @throws MalachiteError `NotFound` */
    model,
    /** @throws MalachiteError `NotFound` */
    version,
    hasModel: (name: string): boolean => db.get('SELECT 1 FROM registered_models WHERE name = ?', [name]) !== undefined,
    hasVersion: (name: string, number: string): boolean =>
      db.get('SELECT 1 FROM model_versions WHERE name = ? AND version = ?', [name, number]) !== undefined,
    /** Newest first. */
    versions: (name: string): VersionRow[] =>
      db.all<VersionRow>('SELECT * FROM model_versions WHERE name = ? ORDER BY CAST(version AS INTEGER) DESC', [name]),
    addModel({ name, description = '', tags }: NewModel, at = now()): void {
      db.run('INSERT INTO registered_models VALUES (?, ?, ?, ?, ?, ?)', [name, description, toJson(tags), '{}', at, at]);
    },
    addVersion({ name, version: number, created, ...row }: Omit<VersionRow, 'updated'>): void {
      const words = [row.description, row.source, row.run_id, row.model_id, row.stage, row.tags];
      db.run('INSERT INTO model_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [name, number, ...words, created, created]);
    },
    setModel(name: string, column: 'description' | 'tags' | 'aliases', value: string): ModelRow {
      model(name);
      db.run(`UPDATE registered_models SET ${column} = ?, updated = ? WHERE name = ?`, [value, now(), name]);
      return model(name);
    },
    setVersion(name: string, number: string, column: 'description' | 'tags' | 'stage', value: string): VersionRow {
      version(name, number);
      const at = now();
      db.run(`UPDATE model_versions SET ${column} = ?, updated = ? WHERE name = ? AND version = ?`, [value, at, name, number]);
      db.run('UPDATE registered_models SET updated = ? WHERE name = ?', [at, name]);
      return version(name, number);
    },
    touch: (name: string): void => void db.run('UPDATE registered_models SET updated = ? WHERE name = ?', [now(), name]),
    deleteModel(name: string): void {
      db.transaction(() => {
        db.run('DELETE FROM model_versions WHERE name = ?', [name]);
        db.run('DELETE FROM registered_models WHERE name = ?', [name]);
      });
    },
    deleteVersion: (name: string, number: string): void =>
      void db.run('DELETE FROM model_versions WHERE name = ? AND version = ?', [name, number]),
    /** All other versions in a stage are archived. */
    archiveOthers: (name: string, number: string, stage: string): void =>
      void db.run("UPDATE model_versions SET stage = 'Archived' WHERE name = ? AND stage = ? AND version <> ?", [
        name,
        stage,
        number,
      ]),
  };
}
