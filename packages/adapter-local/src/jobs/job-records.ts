/** Jobs, their events and trials in the database. Every change of a job and the event that tells of it are one transaction. */
import {
  type AssetFile,
  type AutoMLJob,
  type ErrorCode,
  type Job,
  type JobEvent,
  type JobList,
  type JobStatus,
  MalachiteError,
  type Tags,
  type Trial,
  terminalJobStatuses,
} from '@malachite/core';
import type { Changes } from '../changes.ts';
import type { StoredFile } from '../store/assets.ts';
import type { Context } from '../store/context.ts';
import { fromJson, fromJsonOr, toJson } from '../store/json.ts';
import type { Outcome, StoredTrial } from './process-messages.ts';

/** An event before it has its place and time. */
export type NewJobEvent = JobEvent extends infer E ? (E extends JobEvent ? Omit<E, 'sequence' | 'time'> : never) : never;

/** What only the running of a job needs to know. */
export type JobProgress = { readonly usedSeconds: number; readonly restarts: number; readonly process: string | null };

export type StatusChange = { readonly message?: string; readonly error?: { code: ErrorCode; message: string } };

type JobRow = {
  name: string;
  display_name: string;
  experiment_name: string;
  description: string | null;
  tags: string;
  properties: string;
  compute: string;
  status: JobStatus;
  created_at: string;
  start_time: string | null;
  end_time: string | null;
  error: string | null;
  spec: string;
  outcome: string | null;
  used_seconds: number;
  restarts: number;
  process: string | null;
};

type TrialRow = {
  trial: string;
  onnx: string | null;
  validation_predictions: string;
  parity_predictions: string;
  load_seconds: number | null;
};

export type JobRecords = ReturnType<typeof openJobRecords>;

/** The topic under which a job's changes are told. */
export const jobTopic = (name: string): string => `job:${name}`;

export function openJobRecords({ db, clock }: Context, changes: Changes) {
  const now = (): string => clock().toISOString();

  const row = (name: string): JobRow => {
    const found = db.get<JobRow>('SELECT * FROM jobs WHERE name = ?', [name]);
    if (!found) throw new MalachiteError('NotFound', `Job "${name}" does not exist.`);
    return found;
  };

  const append = (job: string, event: NewJobEvent): void => {
    db.run(
      `INSERT INTO job_events (job, sequence, time, body)
       VALUES (:job, (SELECT coalesce(max(sequence), 0) + 1 FROM job_events WHERE job = :job), :time, :body)`,
      { job, time: now(), body: JSON.stringify(event) },
    );
  };

  const setStatus = (name: string, status: JobStatus, { message, error }: StatusChange = {}): void => {
    db.run(
      `UPDATE jobs SET status = :status, error = :error,
         start_time = CASE WHEN :status IN ('Preparing', 'Running') THEN coalesce(start_time, :now) ELSE start_time END,
         end_time = CASE WHEN :ended THEN :now ELSE NULL END
       WHERE name = :name`,
      { name, status, error: toJson(error), now: now(), ended: terminalJobStatuses.has(status) },
    );
    append(name, message === undefined ? { type: 'status', status } : { type: 'status', status, message });
  };

  const addArtifacts = (run: string, files: readonly AssetFile[]): void => {
    for (const { path, sha256, sizeBytes } of files) {
      db.run('INSERT OR REPLACE INTO artifacts (run, path, sha256, size_bytes) VALUES (?, ?, ?, ?)', [
        run,
        path,
        sha256,
        sizeBytes ?? 0,
      ]);
    }
  };

  /** Does `work` whole or not at all, and only then tells the readers. */
  const commit = (job: string, work: () => void): void => {
    db.transaction(work);
    changes.changed(jobTopic(job));
  };

  return {
    /** Records a job as Queued. `Conflict` when the name is taken, by a job or by a trial. */
    insert(spec: AutoMLJob & { name: string }, about: { properties: Tags; compute: string }): void {
      commit(spec.name, () => {
        refuseTakenName(spec.name);
        db.run(
          `INSERT INTO jobs (name, display_name, experiment_name, description, tags, properties, compute, status, created_at, spec)
           VALUES (:name, :displayName, :experimentName, :description, :tags, :properties, :compute, 'Queued', :createdAt, :spec)`,
          {
            name: spec.name,
            displayName: spec.displayName ?? spec.name,
            experimentName: spec.experimentName ?? 'Default',
            description: spec.description,
            tags: JSON.stringify(spec.tags ?? {}),
            properties: JSON.stringify(about.properties),
            compute: about.compute,
            createdAt: now(),
            spec: JSON.stringify(spec),
          },
        );
        append(spec.name, { type: 'status', status: 'Queued' });
      });
    },
    get: (name: string): Job => toJob(row(name)),
    has: (name: string): boolean => db.get('SELECT 1 FROM jobs WHERE name = ?', [name]) !== undefined,
    progress(name: string): JobProgress {
      const { used_seconds, restarts, process } = row(name);
      return { usedSeconds: used_seconds, restarts, process };
    },
    outcome: (name: string): Outcome | undefined => fromJsonOr<Outcome>(row(name).outcome),
    list({ experimentName, status }: JobList): Job[] {
      const rows = db.all<JobRow>(
        `SELECT * FROM jobs WHERE coalesce(:experimentName, experiment_name) = experiment_name
           AND coalesce(:status, status) = status ORDER BY ordinal DESC`,
        { experimentName, status },
      );
      return rows.map(toJob);
    },
    /** Oldest first. */
    withStatus(statuses: readonly JobStatus[]): Job[] {
      const rows = db.all<JobRow>(`SELECT * FROM jobs WHERE status IN (SELECT value FROM json_each(?)) ORDER BY ordinal`, [
        JSON.stringify(statuses),
      ]);
      return rows.map(toJob);
    },
    events(name: string, after: number): JobEvent[] {
      const rows = db.all<{ sequence: number; time: string; body: string }>(
        'SELECT sequence, time, body FROM job_events WHERE job = ? AND sequence > ? ORDER BY sequence',
        [name, after],
      );
      return rows.map(({ sequence, time, body }) => ({ sequence, time, ...fromJson<NewJobEvent>(body) }) as JobEvent);
    },
    /** The last event of a type. */
    lastEvent<T extends JobEvent['type']>(name: string, type: T): Extract<NewJobEvent, { type: T }> | undefined {
      const found = db.get<{ body: string }>(
        `SELECT body FROM job_events WHERE job = ? AND body ->> 'type' = ? ORDER BY sequence DESC LIMIT 1`,
        [name, type],
      );
      return found && fromJson<Extract<NewJobEvent, { type: T }>>(found.body);
    },
    event(name: string, event: NewJobEvent): void {
      commit(name, () => append(name, event));
    },
    setStatus(name: string, status: JobStatus, change?: StatusChange): void {
      commit(name, () => setStatus(name, status, change));
    },
    /** Seconds of the time budget: what is kept of it when the workspace is closed or killed. */
    setUsedSeconds(name: string, seconds: number): void {
      db.run('UPDATE jobs SET used_seconds = ? WHERE name = ?', [seconds, name]);
    },
    setProcess(name: string, identity: string | null): void {
      db.run('UPDATE jobs SET process = ? WHERE name = ?', [identity, name]);
    },
    /** A crash of the job process: counted, told, and the job prepared again. */
    restarting(name: string, message: string): void {
      commit(name, () => {
        db.run('UPDATE jobs SET restarts = restarts + 1 WHERE name = ?', [name]);
        append(name, { type: 'log', level: 'warning', message });
        setStatus(name, 'Preparing', { message });
      });
    },
    /**
     * A finished trial with its files. An ensemble that is made once more after a crash, perhaps of more trials, takes the
     * place of the one before.
     */
    trial(job: string, stored: StoredTrial, bestScore: number | null): void {
      const { trial, onnx, validationPredictions, parityPredictions, loadSeconds, files } = stored;
      commit(job, () => {
        db.run('DELETE FROM artifacts WHERE run = ?', [trial.name]);
        db.run(
          `INSERT OR REPLACE INTO trials (name, job, iteration, trial, onnx, validation_predictions, parity_predictions, load_seconds)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          [trial.name, job, trial.iteration, JSON.stringify(trial), onnx, validationPredictions, parityPredictions, loadSeconds],
        );
        addArtifacts(trial.name, files);
        append(job, { type: 'trial', trial, bestScore });
      });
    },
    /** The end of a search: its outcome, the job's own files, and Completed. */
    completed(job: string, outcome: Outcome, files: readonly AssetFile[]): void {
      commit(job, () => {
        db.run('UPDATE jobs SET outcome = ? WHERE name = ?', [JSON.stringify(outcome), job]);
        addArtifacts(job, files);
        setStatus(job, 'Completed');
      });
    },
    /** In order of iteration. */
    trials(job: string): Trial[] {
      const rows = db.all<{ trial: string }>('SELECT trial FROM trials WHERE job = ? ORDER BY iteration', [job]);
      return rows.map(({ trial }) => fromJson<Trial>(trial));
    },
    /** One trial by its own name, `<job>_<iteration>`, and the job it belongs to. */
    trialNamed(name: string): { job: string; trial: Trial } | undefined {
      const found = db.get<{ job: string; trial: string }>('SELECT job, trial FROM trials WHERE name = ?', [name]);
      return found && { job: found.job, trial: fromJson<Trial>(found.trial) };
    },
    storedTrials(job: string): StoredTrial[] {
      const rows = db.all<TrialRow>('SELECT * FROM trials WHERE job = ? ORDER BY iteration', [job]);
      return rows.map((stored) => {
        const trial = fromJson<Trial>(stored.trial);
        return {
          trial,
          onnx: stored.onnx,
          validationPredictions: stored.validation_predictions,
          parityPredictions: stored.parity_predictions,
          loadSeconds: stored.load_seconds,
          files: artifacts(trial.name),
        };
      });
    },
    artifacts,
  };

  /** The recorded files of a job or trial, by path. */
  function artifacts(run: string): StoredFile[] {
    return db.all<StoredFile>('SELECT path, sha256, size_bytes AS sizeBytes FROM artifacts WHERE run = ? ORDER BY path', [run]);
  }

  /** Trials are called `<job>_<number>`, in one space of names with jobs. */
  function refuseTakenName(name: string): void {
    const parent = /^(.+)_\d+$/.exec(name)?.[1];
    const other = db.get<{ name: string }>(
      `SELECT name FROM jobs WHERE name = :name OR name = :parent
         OR (substr(name, 1, length(:name) + 1) = :name || '_' AND substr(name, length(:name) + 2) GLOB '[0-9]*'
             AND NOT substr(name, length(:name) + 2) GLOB '*[^0-9]*')`,
      { name, parent },
    );
    if (!other) return;
    throw new MalachiteError(
      'Conflict',
      other.name === name
        ? `Job "${name}" exists already. Choose another name, or none.`
        : `The name "${name}" would be mixed up with the trials of job "${other.name}". Choose another name.`,
    );
  }
}

function toJob(row: JobRow): Job {
  return {
    name: row.name,
    type: 'automl',
    displayName: row.display_name,
    experimentName: row.experiment_name,
    ...(row.description === null ? {} : { description: row.description }),
    tags: fromJson<Tags>(row.tags),
    properties: fromJson<Tags>(row.properties),
    compute: row.compute,
    status: row.status,
    createdAt: row.created_at,
    startTime: row.start_time,
    endTime: row.end_time,
    error: fromJsonOr<NonNullable<Job['error']>>(row.error) ?? null,
    spec: fromJson<AutoMLJob>(row.spec),
  };
}
