/**
 * Jobs of the workspace and their trials as runs, so that one thing is visible in both. Rows are brought up to date
 * before a search: what has ended does not change any more and is read once.
 */
import { type Job, type JobStatus, type Trial, terminalJobStatuses, type Workspace } from '@malachite/core';
import { parentTags, trialDisplayName, trialTags, trialTimes } from '../history/automl-run.ts';
import { missing } from '../missing.ts';
import { bestSoFar, type MetricPoints } from './best-so-far.ts';
import type { Database } from './database.ts';
import type { Experiments } from './experiments.ts';
import type { Runs } from './runs.ts';

const statuses: Readonly<Record<JobStatus, string>> = {
  NotStarted: 'SCHEDULED',
  Queued: 'SCHEDULED',
  Preparing: 'SCHEDULED',
  Running: 'RUNNING',
  Finalizing: 'RUNNING',
  CancelRequested: 'RUNNING',
  Completed: 'FINISHED',
  Failed: 'FAILED',
  Canceled: 'KILLED',
};

export type JobRuns = { refresh(): Promise<void> };

export function jobsAsRuns(
  { training }: Pick<Workspace, 'training'>,
  db: Database,
  experiments: Experiments,
  runs: Runs,
): JobRuns {
  const stampOf = (job: string) =>
    db.get<{ job_stamp: string | null }>('SELECT job_stamp FROM runs WHERE id = ?', [job])?.job_stamp;

  const refreshJob = async (job: Job): Promise<void> => {
    const hasEnded = terminalJobStatuses.has(job.status);
    const stamp = `${job.status} ${job.endTime ?? ''}`;
    if (hasEnded && stampOf(job.name) === stamp) return;
    const result = await training.result({ name: job.name }).catch(missing);
    db.transaction(() => {
      const experimentId = experiments.idOf(job.experimentName);
      const started = Date.parse(job.startTime ?? job.createdAt);
      const ended = job.endTime === null ? null : Date.parse(job.endTime);
      const parent = { experiment_id: experimentId, user_id: 'Malachite', start_time: started, end_time: ended, job: job.name };
      write(
        { ...parent, id: job.name, name: job.displayName, status: statuses[job.status] },
        {
          params: {},
          points: result ? bestSoFar(job, result) : [],
          tags: {
            ...job.tags,
            'mlflow.rootRunId': job.name,
            'mlflow.user': 'Malachite',
            ...parentTags(result),
          },
        },
      );
      for (const trial of result?.trials ?? []) {
        const { startTimeUtc, endTimeUtc } = trialTimes(job, trial);
        const [start, end] = [Date.parse(startTimeUtc), Date.parse(endTimeUtc)];
        write(
          {
            ...parent,
            id: trial.name,
            name: trialDisplayName(trial),
            status: trialStatus(trial),
            start_time: start,
            end_time: end,
          },
          {
            params: Object.fromEntries(Object.entries(trial.parameters).map(([key, value]) => [key, String(value)])),
            points: [{ metrics: trial.metrics, step: 0, timestamp: end }],
            tags: {
              ...trialTags(job),
              'mlflow.user': 'Malachite',
              run_algorithm: trial.algorithm,
              run_preprocessor: trial.preprocessor,
            },
          },
        );
      }
      db.run('UPDATE runs SET job_stamp = ? WHERE id = ?', [stamp, job.name]);
    });
  };

  type Logged = {
    readonly params: Readonly<Record<string, string>>;
    readonly points: readonly MetricPoints[];
    readonly tags: Readonly<Record<string, string>>;
  };
  const write = (run: Parameters<Runs['insert']>[0], logged: Logged): void => {
    const known = db.get<{ status: string }>('SELECT status FROM runs WHERE id = ?', [run.id]);
    // A trial that is there has not changed; its job has.
    if (known && run.id !== run.job) return;
    if (known)
      db.run('UPDATE runs SET name = ?, status = ?, start_time = ?, end_time = ? WHERE id = ?', [
        run.name,
        run.status,
        run.start_time,
        run.end_time,
        run.id,
      ]);
    else runs.insert(run);
    db.run('DELETE FROM metrics WHERE run_id = ?', [run.id]);
    db.run('DELETE FROM latest_metrics WHERE run_id = ?', [run.id]);
    for (const { metrics, step, timestamp } of logged.points) {
      for (const [key, value] of Object.entries(metrics)) {
        if (value !== null) runs.logMetric(run.id, { key, value, timestamp, step });
      }
    }
    for (const [key, value] of Object.entries(logged.params)) runs.logParam(run.id, key, value);
    for (const [key, value] of Object.entries({ ...logged.tags, 'mlflow.runName': run.name })) {
      // What a client has set since stays.
      db.run('INSERT OR IGNORE INTO tags VALUES (?, ?, ?)', [run.id, key, value]);
      if (writtenBySearch.test(key)) db.run('UPDATE tags SET value = ? WHERE run_id = ? AND key = ?', [value, run.id, key]);
    }
  };

  let refreshing: Promise<void> | undefined;
  return {
    refresh() {
      refreshing ??= (async () => {
        for (const job of await training.list({})) await refreshJob(job);
      })().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}

/** What the search itself goes on writing while it runs. */
const writtenBySearch = /^automl_best_child_run_id$|_\d{3}$/;

const trialStatus = ({ status }: Trial): string =>
  status === 'Completed' ? 'FINISHED' : status === 'Failed' ? 'FAILED' : 'KILLED';
