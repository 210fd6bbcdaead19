/** Pipeline runs and their steps in the database. */
import { randomUUID } from 'node:crypto';
import {
  type JobError,
  MalachiteError,
  type PipelineRun,
  type PipelineRunStep,
  type PipelineSpec,
  type Tags,
  terminalPipelineStatuses,
} from '@malachite/core';
import type { Static } from 'typebox';
import type { Changes } from '../changes.ts';
import type { Context } from '../store/context.ts';
import { fromJson, fromJsonOr, toJson } from '../store/json.ts';

export type NewRun = {
  /** With its inputs, and its data resolved to versions. */
  readonly pipeline: PipelineSpec;
  readonly pipelineId: string | null;
  readonly experimentName: string;
  readonly runSource: PipelineRun['runSource'];
};

type Status = PipelineRun['status'];
type RunRow = {
  id: string;
  experiment_name: string;
  pipeline_id: string | null;
  status: Status;
  cancel_requested: number;
  run_source: PipelineRun['runSource'];
  properties: string;
  pipeline: string;
  created_at: string;
  start_time: string | null;
  end_time: string | null;
};
type StepRow = {
  name: string;
  type: PipelineRunStep['type'];
  status: Status;
  job_name: string | null;
  model: string | null;
  start_time: string | null;
  end_time: string | null;
  error: string | null;
};

export type RunRecords = ReturnType<typeof openRunRecords>;

export const runTopic = (id: string): string => `pipeline-run:${id}`;

export function openRunRecords({ db, clock }: Context, changes: Changes) {
  const now = (): string => clock().toISOString();
  const row = (id: string): RunRow => {
    const found = db.get<RunRow>('SELECT * FROM pipeline_runs WHERE id = ?', [id]);
    if (!found) throw new MalachiteError('NotFound', `Pipeline run "${id}" does not exist.`);
    return found;
  };
  const toRun = (found: RunRow): PipelineRun => ({
    id: found.id,
    experimentName: found.experiment_name,
    pipelineId: found.pipeline_id,
    status: found.status,
    runSource: found.run_source,
    properties: fromJson<Tags>(found.properties),
    steps: db.all<StepRow>('SELECT * FROM pipeline_run_steps WHERE run = ? ORDER BY ordinal', [found.id]).map(toStep),
    createdAt: found.created_at,
    startTime: found.start_time,
    endTime: found.end_time,
  });
  const commit = (id: string, work: () => void): void => {
    db.transaction(work);
    changes.changed(runTopic(id));
  };

  return {
    /** Records a run as NotStarted; may be part of a larger transaction. Its id. */
    insert({ pipeline, pipelineId, experimentName, runSource }: NewRun): string {
      const id = randomUUID();
      db.run(
        `INSERT INTO pipeline_runs (id, experiment_name, pipeline_id, status, run_source, properties, pipeline, created_at)
         VALUES (:id, :experimentName, :pipelineId, 'NotStarted', :runSource, :properties, :pipeline, :createdAt)`,
        {
          id,
          experimentName,
          pipelineId,
          runSource,
          properties: JSON.stringify(azureProperties(runSource, pipelineId)),
          pipeline: JSON.stringify(pipeline),
          createdAt: now(),
        },
      );
      for (const [ordinal, [name, { type }]] of Object.entries(pipeline.jobs).entries()) {
        db.run(`INSERT INTO pipeline_run_steps (run, ordinal, name, type, status) VALUES (?, ?, ?, ?, 'NotStarted')`, [
          id,
          ordinal,
          name,
          type,
        ]);
      }
      return id;
    },
    get: (id: string): PipelineRun => toRun(row(id)),
    pipeline: (id: string): PipelineSpec => fromJson<PipelineSpec>(row(id).pipeline),
    isCancelRequested: (id: string): boolean => row(id).cancel_requested === 1,
    list(pipelineId?: string): PipelineRun[] {
      const rows = db.all<RunRow>('SELECT * FROM pipeline_runs WHERE ? IS NULL OR pipeline_id = ? ORDER BY ordinal DESC', [
        pipelineId,
        pipelineId,
      ]);
      return rows.map(toRun);
    },
    /** Runs that are not over, oldest first. */
    open(): string[] {
      const rows = db.all<{ id: string }>(
        `SELECT id FROM pipeline_runs WHERE status IN ('NotStarted', 'Running') ORDER BY ordinal`,
      );
      return rows.map(({ id }) => id);
    },
    requestCancel(id: string): void {
      commit(id, () => void db.run('UPDATE pipeline_runs SET cancel_requested = 1 WHERE id = ?', [id]));
    },
    setStatus(id: string, status: Status): void {
      commit(id, () => {
        db.run(
          `UPDATE pipeline_runs SET status = :status, start_time = coalesce(start_time, :now),
             end_time = CASE WHEN :ended THEN :now END WHERE id = :id`,
          { id, status, now: now(), ended: terminalPipelineStatuses.has(status) },
        );
      });
    },
    /** Changes the fields given of one step. */
    setStep(
      id: string,
      name: string,
      change: { status: Status; jobName?: string; model?: string; error?: Static<typeof JobError> },
    ): void {
      commit(id, () => {
        db.run(
          `UPDATE pipeline_run_steps SET status = :status, job_name = coalesce(:jobName, job_name),
             model = coalesce(:model, model), error = :error,
             start_time = CASE WHEN :status = 'NotStarted' OR :status = 'Canceled' THEN start_time ELSE coalesce(start_time, :now) END,
             end_time = CASE WHEN :ended THEN :now END
           WHERE run = :id AND name = :name`,
          {
            id,
            name,
            status: change.status,
            jobName: change.jobName,
            model: change.model,
            error: toJson(change.error),
            now: now(),
            ended: terminalPipelineStatuses.has(change.status),
          },
        );
      });
    },
  };
}

function toStep(row: StepRow): PipelineRunStep {
  return {
    name: row.name,
    type: row.type,
    status: row.status,
    jobName: row.job_name,
    model: row.model,
    startTime: row.start_time,
    endTime: row.end_time,
    error: fromJsonOr<Static<typeof JobError>>(row.error) ?? null,
  };
}

/** As Azure ML names them; a run that a REST call started is of runSource Unavailable there. */
function azureProperties(runSource: PipelineRun['runSource'], pipelineId: string | null): Tags {
  return {
    'azureml.runsource': 'azureml.PipelineRun',
    runSource: runSource === 'HTTP' ? 'Unavailable' : runSource,
    runType: runSource,
    'azureml.parameters': '{}',
    'azureml.continue_on_step_failure': 'False',
    'azureml.continue_on_failed_optional_input': 'True',
    'azureml.pipelineComponent': 'pipelinerun',
    ...(pipelineId === null ? {} : { 'azureml.pipelineid': pipelineId }),
  };
}
