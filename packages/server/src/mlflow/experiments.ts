/** Experiments of MLflow. Those that jobs name are there too. */
import { MalachiteError } from '@malachite/core';
import type { Database } from './database.ts';
import { invalid, notFound } from './errors.ts';

export type Experiment = {
  readonly experiment_id: string;
  readonly name: string;
  readonly artifact_location: string;
  readonly lifecycle_stage: string;
  readonly creation_time: number;
  readonly last_update_time: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
};

type Row = {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: string;
  readonly created: number;
  readonly updated: number;
};

export type Experiments = ReturnType<typeof openExperiments>;

export function openExperiments(db: Database, now: () => number) {
  const rowOf = (column: 'id' | 'name', value: string): Row | undefined =>
    db.get<Row>(`SELECT * FROM experiments WHERE ${column} = ?`, [value]);
  const mustFind = (id: string): Row => {
    const row = rowOf('id', id);
    if (!row) throw notFound(`Experiment "${id}"`);
    return row;
  };
  const show = (row: Row): Experiment => ({
    experiment_id: row.id,
    name: row.name,
    artifact_location: `mlflow-artifacts:/${row.id}`,
    lifecycle_stage: row.lifecycle,
    creation_time: row.created,
    last_update_time: row.updated,
    tags: db.all('SELECT key, value FROM experiment_tags WHERE experiment_id = ? ORDER BY key', [row.id]),
  });
  const insert = (name: string): Row => {
    // Numbers, as MLflow's own store counts; 0 is Default.
    const id = name === 'Default' ? '0' : String(db.get<{ n: number }>('SELECT count(*) + 1 AS n FROM experiments')?.n ?? 1);
    const at = now();
    db.run('INSERT INTO experiments (id, name, created, updated) VALUES (?, ?, ?, ?)', [id, name, at, at]);
    return mustFind(id);
  };
  const setTag = (id: string, key: string, value: string): void => {
    db.run('INSERT OR REPLACE INTO experiment_tags VALUES (?, ?, ?)', [id, key, value]);
  };
  const setLifecycle = (id: string, lifecycle: 'active' | 'deleted'): void => {
    mustFind(id);
    db.run('UPDATE experiments SET lifecycle = ?, updated = ? WHERE id = ?', [lifecycle, now(), id]);
  };
  /** The id of an experiment, made when it is not there. */
  const idOf = (name: string): string => (rowOf('name', name) ?? insert(name)).id;
  idOf('Default');

  return {
    idOf,
    get: (id: string): Experiment => show(mustFind(id)),
    byName(name: string): Experiment {
      const row = rowOf('name', name);
      if (!row) throw notFound(`Experiment "${name}"`);
      return show(row);
    },
    create(name: string, tags: readonly { key: string; value: string }[] = []): string {
      if (name.trim() === '') throw invalid('"name" of the experiment is missing.');
      if (rowOf('name', name)) throw new MalachiteError('Conflict', `Experiment "${name}" already exists.`);
      return db.transaction(() => {
        const { id } = insert(name);
        for (const { key, value } of tags) setTag(id, key, value);
        return id;
      });
    },
    rename(id: string, name: string): void {
      mustFind(id);
      if (rowOf('name', name)) throw new MalachiteError('Conflict', `Experiment "${name}" already exists.`);
      db.run('UPDATE experiments SET name = ?, updated = ? WHERE id = ?', [name, now(), id]);
    },
    delete: (id: string) => setLifecycle(id, 'deleted'),
    restore: (id: string) => setLifecycle(id, 'active'),
    setTag(id: string, key: string, value: string): void {
      mustFind(id);
      setTag(id, key, value);
    },
    show,
  };
}
