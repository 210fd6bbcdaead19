/**
 * Schedules: a published pipeline runs whenever a new version of a dataset is created.
 *
 * A firing and the note that its version was acted upon are one transaction, so each version fires once: also when the
 * process is killed in between, and when versions were created while nobody listened.
 */
import {
  asMalachiteError,
  type Dataset,
  type Datasets,
  MalachiteError,
  mapData,
  type PipelineSpec,
  parseAssetReference,
  type Schedule,
} from '@malachite/core';
import type { Context } from '../store/context.ts';
import type { RunRecords } from './run-records.ts';

type Row = {
  name: string;
  pipeline_id: string;
  dataset_name: string;
  experiment_name: string;
  is_enabled: number;
  last_version: string | null;
  last_run_id: string | null;
  created_at: string;
};

/** The graph of a published pipeline, or undefined when it is disabled. */
export type ActivePipeline = (id: string) => PipelineSpec | undefined;

export type Schedules = ReturnType<typeof openSchedules>;

/** @param drive is given each run that a schedule started. */
export function openSchedules(
  { db, clock, log, onDatasetVersion }: Context,
  records: RunRecords,
  datasets: Datasets,
  active: ActivePipeline,
  drive: (runId: string) => void,
) {
  const rowOf = (name: string): Row => {
    const found = db.get<Row>('SELECT * FROM schedules WHERE name = ?', [name]);
    if (found) return found;
    const names = db.all<Row>('SELECT * FROM schedules ORDER BY name').map((row) => row.name);
    throw new MalachiteError('NotFound', `Schedule "${name}" does not exist. Schedules: ${names.join(', ') || 'none'}.`);
  };

  /** Oldest first; none for a dataset that does not exist yet. */
  const versionsOf = async (dataset: string): Promise<Dataset[]> =>
    (await datasets.versions({ name: dataset }).catch(noneYet)).toReversed();

  /** Fires for every version after the last that was acted upon, in order. */
  const catchUp = async (name: string): Promise<void> => {
    const versions = await versionsOf(rowOf(name).dataset_name);
    for (const dataset of versions) await fire(name, dataset, versions);
  };

  const fire = async (name: string, dataset: Dataset, versions: readonly Dataset[]): Promise<void> => {
    const isNew = ({ last_version }: Row): boolean =>
      versions.findIndex(({ version }) => version === last_version) <
      versions.findIndex(({ version }) => version === dataset.version);
    const before = db.get<Row>('SELECT * FROM schedules WHERE name = ?', [name]);
    if (!before?.is_enabled || !isNew(before)) return;
    const pipeline = active(before.pipeline_id);
    const pinned = pipeline && (await pinnedTo(pipeline, dataset));
    const runId = db.transaction(() => {
      const row = db.get<Row>('SELECT * FROM schedules WHERE name = ?', [name]);
      if (!row?.is_enabled || !isNew(row)) return undefined;
      const id =
        pinned &&
        records.insert({
          pipeline: pinned,
          pipelineId: row.pipeline_id,
          experimentName: row.experiment_name,
          runSource: 'Schedule',
        });
      db.run('UPDATE schedules SET last_version = ?, last_run_id = coalesce(?, last_run_id) WHERE name = ?', [
        dataset.version,
        id,
        name,
      ]);
      return id;
    });
    if (runId === undefined) {
      log.warn({ schedule: name }, `The pipeline of schedule "${name}" is disabled; version ${dataset.version} starts nothing.`);
      return;
    }
    log.info({ schedule: name, pipelineRun: runId }, `Dataset ${dataset.name}:${dataset.version} started a pipeline run.`);
    drive(runId);
  };

  /** The same graph, reading this version wherever it reads the dataset without saying which. */
  const pinnedTo = (pipeline: PipelineSpec, { name, version }: Dataset): Promise<PipelineSpec> =>
    mapData(pipeline, async (data) => {
      const asked = parseAssetReference(data.path);
      if (asked.name === name && asked.version === undefined) return { ...data, path: `azureml:${name}:${version}` };
      return data;
    });

  // One after the other: versions fire in the order in which they were created.
  let firing = Promise.resolve();
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    const done = firing.then(work);
    firing = done.catch((error) => log.error({ err: error }, 'A schedule could not fire'));
    return done;
  };
  const enabled = (where: string, params: string[]): string[] =>
    db.all<Row>(`SELECT * FROM schedules WHERE is_enabled = 1 ${where} ORDER BY name`, params).map((row) => row.name);
  const unsubscribe = onDatasetVersion.subscribe((dataset) => {
    for (const name of enabled('AND dataset_name = ?', [dataset.name])) void enqueue(() => catchUp(name));
  });

  return {
    /** Acts upon the versions that were created while no process listened. */
    resume(): void {
      for (const name of enabled('', [])) void enqueue(() => catchUp(name));
    },
    async create(schedule: { name: string; pipelineId: string; datasetName: string; experimentName: string }): Promise<Schedule> {
      const latest = (await versionsOf(schedule.datasetName)).at(-1);
      const { changes } = db.run(
        `INSERT INTO schedules (name, pipeline_id, dataset_name, experiment_name, is_enabled, last_version, created_at)
         VALUES (:name, :pipelineId, :datasetName, :experimentName, 1, :lastVersion, :createdAt) ON CONFLICT DO NOTHING`,
        { ...schedule, lastVersion: latest?.version, createdAt: clock().toISOString() },
      );
      if (changes === 0) throw new MalachiteError('Conflict', `Schedule "${schedule.name}" exists already. Choose another name.`);
      // A version that was created since `latest` was asked for found no schedule to fire.
      void enqueue(() => catchUp(schedule.name));
      return toSchedule(rowOf(schedule.name));
    },
    list: (): Schedule[] => db.all<Row>('SELECT * FROM schedules ORDER BY name').map(toSchedule),
    /** Versions that appear while it is disabled do not fire later. */
    async setEnabled(name: string, isEnabled: boolean): Promise<Schedule> {
      const { dataset_name, is_enabled } = rowOf(name);
      const latest = isEnabled && !is_enabled ? (await versionsOf(dataset_name)).at(-1) : undefined;
      db.run('UPDATE schedules SET is_enabled = ?, last_version = coalesce(?, last_version) WHERE name = ?', [
        isEnabled,
        latest?.version,
        name,
      ]);
      return toSchedule(rowOf(name));
    },
    delete(name: string): void {
      rowOf(name);
      db.run('DELETE FROM schedules WHERE name = ?', [name]);
    },
    async close(): Promise<void> {
      unsubscribe();
      await firing;
    },
  };
}

function noneYet(thrown: unknown): Dataset[] {
  if (asMalachiteError(thrown).code === 'NotFound') return [];
  throw thrown;
}

function toSchedule(row: Row): Schedule {
  return {
    name: row.name,
    pipelineId: row.pipeline_id,
    trigger: { type: 'dataset', datasetName: row.dataset_name },
    experimentName: row.experiment_name,
    isEnabled: row.is_enabled === 1,
    lastVersion: row.last_version,
    lastRunId: row.last_run_id,
    createdAt: row.created_at,
  };
}
