/** Runs: what MLflow clients log, and what jobs and trials are in MLflow's words. */
import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';
import { invalid, notFound } from './errors.ts';
import type { Experiments } from './experiments.ts';
import type { KeyValue } from './key-values.ts';
import { fromColumns, metricValue, toColumns } from './metric-value.ts';

export type Metric = {
  readonly key: string;
  readonly value: unknown;
  readonly timestamp?: number | string;
  readonly step?: number | string;
  readonly model_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
};

export type RunRow = {
  readonly id: string;
  readonly experiment_id: string;
  readonly name: string;
  readonly user_id: string;
  readonly status: string;
  readonly start_time: number;
  readonly end_time: number | null;
  readonly lifecycle: string;
  readonly job: string | null;
};

type MetricRow = { key: string; value: number | null; special: string | null; timestamp: number; step: number };

const statuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
/** MLflow's own limits. */
const maxKey = 250;
const maxParam = 6000;
const maxTag = 8000;

export type Runs = ReturnType<typeof openRuns>;

export function openRuns(db: Database, experiments: Experiments, now: () => number) {
  const mustFind = (id: string): RunRow => {
    const row = db.get<RunRow>('SELECT * FROM runs WHERE id = ?', [id]);
    if (!row) throw notFound(`Run "${id}"`);
    return row;
  };
  const mustBeOpen = (id: string): RunRow => {
    const row = mustFind(id);
    if (row.job !== null) throw invalid(`Run "${id}" is a job of the workspace; what it logged is its own. Tags may be set.`);
    if (row.lifecycle !== 'active') throw invalid(`Run "${id}" is deleted.`);
    return row;
  };
  const setTag = (id: string, key: string, value: string): void => {
    if (!key || key.length > maxKey) throw invalid(`A tag's key has 1 to ${maxKey} characters.`);
    if (value.length > maxTag) throw invalid(`Tag "${key}" is longer than ${maxTag} characters.`);
    db.run('INSERT OR REPLACE INTO tags VALUES (?, ?, ?)', [id, key, value]);
    if (key === 'mlflow.runName') db.run('UPDATE runs SET name = ? WHERE id = ?', [value, id]);
  };
  const logParam = (id: string, key: string, value: string): void => {
    if (!key || key.length > maxKey) throw invalid(`A parameter's key has 1 to ${maxKey} characters.`);
    if (value.length > maxParam) throw invalid(`Parameter "${key}" is longer than ${maxParam} characters.`);
    const known = db.get<{ value: string }>('SELECT value FROM params WHERE run_id = ? AND key = ?', [id, key]);
    if (known && known.value !== value) {
      throw invalid(
        `Changing param values is not allowed. Param "${key}" was logged with "${known.value}", new value is "${value}".`,
      );
    }
    db.run('INSERT OR IGNORE INTO params VALUES (?, ?, ?)', [id, key, value]);
  };
  const logMetric = (id: string, metric: Metric): void => {
    if (!metric.key || metric.key.length > maxKey) throw invalid(`A metric's key has 1 to ${maxKey} characters.`);
    const columns = toColumns(metricValue(metric.value));
    const [timestamp, step] = [Number(metric.timestamp ?? now()), Number(metric.step ?? 0)];
    if (!Number.isSafeInteger(timestamp) || !Number.isSafeInteger(step)) {
      throw invalid(`"timestamp" and "step" of metric "${metric.key}" must be whole numbers.`);
    }
    db.run('INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      ...[id, metric.key, ...columns, timestamp, step],
      ...[metric.model_id ?? null, metric.dataset_name ?? null, metric.dataset_digest ?? null],
    ]);
    // The latest is that of the highest step, then of the latest time, then the greatest.
    db.run(
      `INSERT INTO latest_metrics VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, key) DO UPDATE
         SET value = excluded.value, special = excluded.special, timestamp = excluded.timestamp, step = excluded.step
         WHERE (excluded.step, excluded.timestamp, coalesce(excluded.value, -1e308)) >= (step, timestamp, coalesce(value, -1e308))`,
      [id, metric.key, ...columns, timestamp, step],
    );
  };
  const insert = (run: Omit<RunRow, 'lifecycle'>): void => {
    db.run(
      `INSERT INTO runs (id, experiment_id, name, user_id, status, start_time, end_time, job, sequence)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM runs))`,
      [run.id, run.experiment_id, run.name, run.user_id, run.status, run.start_time, run.end_time, run.job],
    );
  };
  /** Runs with all they logged, in a fixed number of queries: a page of a thousand is a few milliseconds. */
  const showAll = (rows: readonly RunRow[], uriOf: (row: RunRow) => string) => {
    const ids = JSON.stringify(rows.map(({ id }) => id));
    const of = <R extends { readonly run_id: string }>(table: string): Map<string, R[]> =>
      Map.groupBy(
        db.all<R>(`SELECT t.* FROM json_each(?) page JOIN ${table} t ON t.run_id = page.value`, [ids]),
        ({ run_id }) => run_id,
      );
    const metrics = of<MetricRow & { run_id: string }>('latest_metrics');
    const params = of<KeyValue & { run_id: string }>('params');
    const tags = of<KeyValue & { run_id: string }>('tags');
    const kept = of<{ run_id: string; kind: string; body: string }>('inputs');
    const pairs = (found: readonly KeyValue[] = []) => found.map(({ key, value }) => ({ key, value }));
    const bodies = (id: string, kind: string) =>
      (kept.get(id) ?? []).filter((each) => each.kind === kind).map(({ body }) => JSON.parse(body) as unknown);
    return rows.map((row) => ({
      info: {
        run_id: row.id,
        run_uuid: row.id,
        run_name: row.name,
        experiment_id: row.experiment_id,
        user_id: row.user_id,
        status: row.status,
        start_time: row.start_time,
        ...(row.end_time !== null && { end_time: row.end_time }),
        artifact_uri: uriOf(row),
        lifecycle_stage: row.lifecycle,
      },
      data: {
        metrics: (metrics.get(row.id) ?? []).map(({ key, value, special, timestamp, step }) => ({
          key,
          value: fromColumns(value, special),
          timestamp,
          step,
        })),
        params: pairs(params.get(row.id)),
        tags: pairs(tags.get(row.id)),
      },
      inputs: { dataset_inputs: bodies(row.id, 'dataset'), model_inputs: bodies(row.id, 'model_input') },
      outputs: { model_outputs: bodies(row.id, 'model_output') },
    }));
  };
  const show = (row: RunRow, uriOf: (row: RunRow) => string) => showAll([row], uriOf)[0] as ReturnType<typeof showAll>[number];

  return {
    show,
    showAll,
    mustFind,
    /** The runs that a run's own clients started below it. */
    childrenOf: (id: string): RunRow[] =>
      db.all<RunRow>(
        "SELECT r.* FROM tags t JOIN runs r ON r.id = t.run_id WHERE t.key = 'mlflow.parentRunId' AND t.value = ? ORDER BY r.sequence",
        [id],
      ),
    insert,
    setTag,
    logParam,
    logMetric,
    create(input: {
      experiment_id?: string;
      run_name?: string;
      user_id?: string;
      start_time?: number;
      tags?: readonly KeyValue[];
    }): RunRow {
      const experiment = experiments.get(input.experiment_id || '0');
      if (experiment.lifecycle_stage !== 'active') throw invalid(`Experiment "${experiment.name}" is deleted: restore it first.`);
      const id = randomUUID().replaceAll('-', '');
      const tags = input.tags ?? [];
      const name = input.run_name || tags.find(({ key }) => key === 'mlflow.runName')?.value || runName(id);
      return db.transaction(() => {
        insert({
          id,
          experiment_id: experiment.experiment_id,
          name,
          user_id: input.user_id ?? '',
          status: 'RUNNING',
          start_time: Number(input.start_time ?? now()),
          end_time: null,
          job: null,
        });
        for (const { key, value } of tags) setTag(id, key, String(value));
        setTag(id, 'mlflow.runName', name);
        return mustFind(id);
      });
    },
    update(id: string, changes: { status?: string; end_time?: number | string; run_name?: string }): RunRow {
      mustBeOpen(id);
      if (changes.status !== undefined && !statuses.includes(changes.status)) {
        throw invalid(`"status" is "${changes.status}"; it can be ${statuses.join(', ')}.`);
      }
      db.transaction(() => {
        if (changes.status) db.run('UPDATE runs SET status = ? WHERE id = ?', [changes.status, id]);
        if (changes.end_time !== undefined) db.run('UPDATE runs SET end_time = ? WHERE id = ?', [Number(changes.end_time), id]);
        if (changes.run_name) setTag(id, 'mlflow.runName', changes.run_name);
      });
      return mustFind(id);
    },
    setLifecycle(id: string, lifecycle: 'active' | 'deleted'): void {
      mustFind(id);
      db.run('UPDATE runs SET lifecycle = ? WHERE id = ?', [lifecycle, id]);
    },
    deleteTag(id: string, key: string): void {
      mustFind(id);
      if (db.run('DELETE FROM tags WHERE run_id = ? AND key = ?', [id, key]) === 0) throw notFound(`Tag "${key}" of run "${id}"`);
    },
    tag(id: string, key: string, value: string): void {
      mustFind(id);
      setTag(id, key, value);
    },
    /** All of a batch, or nothing of it. */
    log(id: string, batch: { metrics?: readonly Metric[]; params?: readonly KeyValue[]; tags?: readonly KeyValue[] }): void {
      mustBeOpen(id);
      const { metrics = [], params = [], tags = [] } = batch;
      if (metrics.length > 1000 || params.length > 100 || tags.length > 100) {
        throw invalid('A batch holds at most 1000 metrics, 100 params and 100 tags.');
      }
      db.transaction(() => {
        for (const { key, value } of params) logParam(id, key, String(value));
        for (const metric of metrics) logMetric(id, metric);
        for (const { key, value } of tags) setTag(id, key, String(value));
      });
    },
    keep(id: string, kind: 'dataset' | 'model_input' | 'model_output', body: unknown): void {
      mustFind(id);
      db.run('INSERT INTO inputs VALUES (?, ?, ?)', [id, JSON.stringify(body), kind]);
    },
    history(id: string, key: string) {
      mustFind(id);
      return db
        .all<MetricRow>('SELECT * FROM metrics WHERE run_id = ? AND key = ? ORDER BY timestamp, step, rowid', [id, key])
        .map(({ value, special, timestamp, step }) => ({ key, value: fromColumns(value, special), timestamp, step }));
    },
  };
}

const adjectives =
  'agile bold bright calm clever crimson gentle green kind lively loud merry neat noble proud quick quiet rare sharp wise'.split(
    ' ',
  );
const nouns =
  'bear bird calf carp cod crab crow deer dog dove elk fish fox frog goat hare hawk lark mole moth owl ray seal shrew snail'.split(
    ' ',
  );

/** As MLflow names runs: `bold-fox-123`, made of the id. */
function runName(id: string): string {
  const [a, b, c] = [0, 4, 8].map((at) => Number.parseInt(id.slice(at, at + 4), 16)) as [number, number, number];
  return `${adjectives[a % adjectives.length]}-${nouns[b % nouns.length]}-${c % 1000}`;
}
