/** The pipelines port: published graphs, their runs, and the schedules that start them. */
import { randomUUID } from 'node:crypto';
import {
  checkGraph,
  type DataInput,
  type Datasets,
  MalachiteError,
  type Models,
  mapData,
  type PipelineSpec,
  type Pipelines,
  type PublishedPipeline,
  parseAssetReference,
  type Training,
  terminalPipelineStatuses,
  withInputs,
} from '@malachite/core';
import type { Changes } from '../changes.ts';
import { generateKey } from '../jobs/names.ts';
import type { Context } from '../store/context.ts';
import { fromJson } from '../store/json.ts';
import { openRunEngine } from './run-engine.ts';
import { openRunRecords, runTopic } from './run-records.ts';
import { openSchedules } from './schedules.ts';

export type LocalPipelines = Pipelines & {
  /** Stops driving runs; they go on when the home is opened again. */
  close(): Promise<void>;
};

export type PipelineRooms = {
  readonly datasets: Datasets;
  readonly training: Training;
  readonly models: Models;
  /** Where a published pipeline is called; null for a workspace that no server serves. */
  readonly endpointOf: (id: string) => string | null;
};

type Row = {
  id: string;
  name: string;
  description: string | null;
  status: PublishedPipeline['status'];
  pipeline: string;
  key: string;
  created_at: string;
};

/** Goes on, too, with the runs that an earlier owner of the home left unfinished. */
export function localPipelines(context: Context, changes: Changes, rooms: PipelineRooms): LocalPipelines {
  const { db, clock } = context;
  const { datasets, training, models, endpointOf } = rooms;
  const records = openRunRecords(context, changes);
  const engine = openRunEngine(context, records, training, models);

  /** By id; else the newest of that name, an active one first. */
  const rowOf = (id: string): Row => {
    const found = db.get<Row>(
      `SELECT * FROM pipelines WHERE id = :id OR name = :id ORDER BY id = :id DESC, status = 'Active' DESC, ordinal DESC LIMIT 1`,
      { id },
    );
    if (!found) throw new MalachiteError('NotFound', `Published pipeline "${id}" does not exist.`);
    return found;
  };
  const activeRow = (id: string): Row => {
    const row = rowOf(id);
    if (row.status === 'Active') return row;
    throw new MalachiteError('Conflict', `Published pipeline "${row.name}" (${row.id}) is disabled; it takes no more runs.`);
  };
  const toPublished = (row: Row): PublishedPipeline => ({
    id: row.id,
    name: row.name,
    description: row.description ?? undefined,
    status: row.status,
    endpoint: endpointOf(row.id),
    pipeline: fromJson<PipelineSpec>(row.pipeline),
    createdAt: row.created_at,
  });
  const latest = async (data: DataInput): Promise<DataInput> => {
    const { name, version } = await datasets.get(parseAssetReference(data.path));
    return { ...data, path: `azureml:${name}:${version}` };
  };

  const schedules = openSchedules(
    context,
    records,
    datasets,
    (id) => {
      const row = rowOf(id);
      return row.status === 'Active' ? fromJson<PipelineSpec>(row.pipeline) : undefined;
    },
    engine.drive,
  );
  for (const id of records.open()) engine.drive(id);
  schedules.resume();

  return {
    async publish({ name, description, pipeline }) {
      checkGraph(pipeline);
      const id = randomUUID();
      db.run(
        `INSERT INTO pipelines (id, name, description, status, pipeline, key, created_at)
         VALUES (:id, :name, :description, 'Active', :pipeline, :key, :createdAt)`,
        { id, name, description, pipeline: JSON.stringify(pipeline), key: generateKey(), createdAt: clock().toISOString() },
      );
      return toPublished(rowOf(id));
    },
    async get({ id }) {
      return toPublished(rowOf(id));
    },
    async list() {
      return db.all<Row>('SELECT * FROM pipelines ORDER BY ordinal DESC').map(toPublished);
    },
    async disable({ id }) {
      const row = rowOf(id);
      db.run(`UPDATE pipelines SET status = 'Disabled' WHERE id = ?`, [row.id]);
      return toPublished(rowOf(row.id));
    },
    async key({ id }) {
      return { key: rowOf(id).key };
    },
    async submit({ id, pipeline, experimentName, inputs = {}, runSource = 'SDK' }) {
      if ((id === undefined) === (pipeline === undefined)) {
        throw new MalachiteError('InvalidInput', 'Give either "id", of a published pipeline, or "pipeline", a graph.');
      }
      const row = id === undefined ? undefined : activeRow(id);
      const graph = withInputs(row ? fromJson<PipelineSpec>(row.pipeline) : (pipeline as PipelineSpec), inputs);
      checkGraph(graph);
      const resolved = await mapData(graph, latest);
      const runId = db.transaction(() =>
        records.insert({
          pipeline: resolved,
          pipelineId: row?.id ?? null,
          experimentName: experimentName ?? row?.name ?? 'Default',
          runSource,
        }),
      );
      engine.drive(runId);
      return records.get(runId);
    },
    async run({ id }) {
      return records.get(id);
    },
    async runs({ pipelineId } = {}) {
      return records.list(pipelineId === undefined ? undefined : rowOf(pipelineId).id);
    },
    async *watchRun({ id }) {
      yield* changes.follow(
        runTopic(id),
        () => [records.get(id)],
        () => terminalPipelineStatuses.has(records.get(id).status),
      );
    },
    async cancelRun({ id }) {
      await engine.cancel(id);
      return records.get(id);
    },
    async createSchedule({ name, pipelineId, trigger, experimentName }) {
      const row = activeRow(pipelineId);
      return schedules.create({
        name,
        pipelineId: row.id,
        datasetName: trigger.datasetName,
        experimentName: experimentName ?? row.name,
      });
    },
    async listSchedules() {
      return schedules.list();
    },
    async updateSchedule({ name, isEnabled }) {
      return schedules.setEnabled(name, isEnabled);
    },
    async deleteSchedule({ name }) {
      schedules.delete(name);
    },
    async close() {
      await Promise.all([schedules.close(), engine.close()]);
    },
  };
}
