/** Logged models of MLflow 3: models that runs made, before anybody registers them. */
import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';
import { invalid, notFound } from './errors.ts';
import type { Experiments } from './experiments.ts';
import { fromJson, type KeyValue, pairsOf, toJson } from './key-values.ts';
import { parseOrder } from './search/filter.ts';
import { type Found, ofExperiments, type Searched, type SearchInput, search } from './search/search.ts';
import type { Target } from './search/sql.ts';

type Row = {
  readonly id: string;
  readonly experiment_id: string;
  readonly name: string;
  readonly status: string;
  readonly source_run_id: string | null;
  readonly model_type: string | null;
  readonly params: string;
  readonly tags: string;
  readonly created: number;
  readonly updated: number;
};

type Create = {
  readonly experiment_id?: string;
  readonly name?: string;
  readonly model_type?: string;
  readonly source_run_id?: string;
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
};

type Search = SearchInput & {
  readonly experiment_ids?: readonly string[];
  readonly order_by?: readonly { readonly field_name: string; readonly ascending?: boolean }[];
};

const statuses: Readonly<Record<string, string>> = {
  '1': 'LOGGED_MODEL_PENDING',
  '2': 'LOGGED_MODEL_READY',
  '3': 'LOGGED_MODEL_UPLOAD_FAILED',
};

const target: Target = {
  attributes: {
    name: 'name',
    model_id: 'id',
    status: 'status',
    source_run_id: 'source_run_id',
    model_type: 'model_type',
    creation_timestamp: 'created',
    creation_time: 'created',
    last_updated_timestamp: 'updated',
  },
  keyed: {
    tags: { table: '(SELECT m.id AS model_id, e.key, e.value FROM logged_models m, json_each(m.tags) e)', owner: 'model_id' },
    params: { table: '(SELECT m.id AS model_id, e.key, e.value FROM logged_models m, json_each(m.params) e)', owner: 'model_id' },
    metrics: { table: 'metrics', owner: 'model_id' },
  },
  id: 'logged_models.id',
  last: 'created DESC',
};

const searched: Searched = { table: 'logged_models', target, most: 1000, usual: 100 };

export type LoggedModels = ReturnType<typeof openLoggedModels>;

export function openLoggedModels(db: Database, experiments: Experiments, now: () => number) {
  const mustFind = (id: string): Row => {
    const row = db.get<Row>('SELECT * FROM logged_models WHERE id = ?', [id]);
    if (!row) throw notFound(`Logged model "${id}"`);
    return row;
  };
  const change = (id: string, column: 'status' | 'tags' | 'params', value: string): Row => {
    db.run(`UPDATE logged_models SET ${column} = ?, updated = ? WHERE id = ?`, [value, now(), id]);
    return mustFind(id);
  };
  const show = (row: Row, artifactUri: string) => ({
    info: {
      model_id: row.id,
      experiment_id: row.experiment_id,
      name: row.name,
      creation_timestamp_ms: row.created,
      last_updated_timestamp_ms: row.updated,
      artifact_uri: artifactUri,
      status: row.status,
      ...(row.model_type !== null && { model_type: row.model_type }),
      ...(row.source_run_id !== null && { source_run_id: row.source_run_id }),
      tags: pairsOf(row.tags),
      registrations: [],
    },
    data: {
      params: pairsOf(row.params),
      metrics: db
        .all<{ key: string; value: number; timestamp: number; step: number; run_id: string }>(
          'SELECT key, value, timestamp, step, run_id FROM metrics WHERE model_id = ?',
          [row.id],
        )
        .map((metric) => ({ ...metric, model_id: row.id })),
    },
  });
  return {
    show,
    mustFind,
    create(input: Create): Row {
      const experiment = experiments.get(input.experiment_id || '0');
      const id = `m-${randomUUID().replaceAll('-', '')}`;
      const at = now();
      db.run('INSERT INTO logged_models VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
        ...[id, experiment.experiment_id, input.name || 'model', 'LOGGED_MODEL_PENDING'],
        ...[input.source_run_id ?? null, input.model_type ?? null, toJson(input.params), toJson(input.tags), at, at],
      ]);
      return mustFind(id);
    },
    finalize(id: string, status: string | number | undefined): Row {
      mustFind(id);
      const word = statuses[String(status)] ?? String(status);
      if (!Object.values(statuses).includes(word))
        throw invalid(`"status" is "${word}"; it can be ${Object.values(statuses).join(', ')}.`);
      return change(id, 'status', word);
    },
    setTags: (id: string, tags: readonly KeyValue[] = []): Row =>
      change(id, 'tags', JSON.stringify({ ...fromJson(mustFind(id).tags), ...fromJson(toJson(tags)) })),
    deleteTag(id: string, key: string): void {
      const { [key]: _, ...rest } = fromJson(mustFind(id).tags);
      change(id, 'tags', JSON.stringify(rest));
    },
    logParams: (id: string, params: readonly KeyValue[] = []): Row =>
      change(id, 'params', JSON.stringify({ ...fromJson(mustFind(id).params), ...fromJson(toJson(params)) })),
    delete(id: string): void {
      mustFind(id);
      db.run('DELETE FROM logged_models WHERE id = ?', [id]);
    },
    search(input: Search): Found<Row> {
      const orders = (input.order_by ?? []).map(({ field_name, ascending }) => ({
        ...parseOrder(field_name),
        descending: ascending === false,
      }));
      return search(db, searched, { ...input, orders }, ofExperiments(input.experiment_ids));
    },
  };
}
