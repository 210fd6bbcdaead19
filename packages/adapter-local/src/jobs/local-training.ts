/** The training port: jobs recorded in the database, run in processes of their own. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import {
  type Artifact,
  type Compute,
  type Datasets,
  MalachiteError,
  type Metrics,
  type PrimaryMetric,
  parseAssetReference,
  type Training,
  terminalJobStatuses,
} from '@malachite/core';
import type { Changes } from '../changes.ts';
import { datasetReading } from '../datasets/datasets.ts';
import type { Context } from '../store/context.ts';
import { type JobRecords, jobTopic, openJobRecords } from './job-records.ts';
import { bestTrial, leaderboard } from './leaderboard.ts';
import { jobLogFile, recoverJobs, runJob } from './runner.ts';
import { type ComputeUsage, openScheduler } from './scheduler.ts';
import { prepareSubmission } from './submission.ts';

/** Everything that the job's process prints; in Azure ML the file of the same name. */
const logArtifact = 'user_logs/std_log.txt';

export type LocalTraining = Training & {
  readonly records: JobRecords;
  usage(compute: string): ComputeUsage;
  /** Looks whether waiting jobs may start: once when the workspace is whole, and after a compute has changed. */
  wake(): void;
  /** Ends the job processes; running jobs are resumed by the next `localTraining` over the same home. */
  close(): Promise<void>;
};

/** Queues, too, the jobs that an earlier owner of the home left unfinished; `wake` starts them. */
export function localTraining(context: Context, changes: Changes, datasets: Datasets, compute: Compute): LocalTraining {
  const records = openJobRecords(context, changes);
  const readingOf = (path: string) => datasetReading(context, parseAssetReference(path));
  const scheduler = openScheduler(
    records,
    async (name) => (await compute.get({ name })).maxInstances,
    (name) =>
      runJob(context, records, name, async ({ spec }) => ({
        training: readingOf(spec.trainingData.path),
        validation: spec.validationData && readingOf(spec.validationData.path),
        test: spec.testData && readingOf(spec.testData.path),
      })),
    (error) => context.log.error({ err: error }, 'Waiting jobs could not be started'),
  );
  recoverJobs(records);

  /** The job, or the job that the trial of that name belongs to. */
  const runNamed = (name: string) => {
    if (records.has(name)) return { job: records.get(name), trial: undefined };
    const found = records.trialNamed(name);
    if (!found) throw new MalachiteError('NotFound', `Neither a job nor a trial is called "${name}".`);
    return { job: records.get(found.job), trial: found.trial };
  };

  return {
    records,
    usage: scheduler.usage,
    wake: scheduler.wake,
    close: scheduler.close,
    async submit(input) {
      const { spec, compute: computeName, properties } = await prepareSubmission(input, datasets, compute);
      records.insert(spec, { compute: computeName, properties });
      const queued = records.get(spec.name);
      scheduler.wake();
      return queued;
    },
    async get({ name }) {
      return records.get(name);
    },
    async list(input = {}) {
      return records.list(input);
    },
    async *events({ name, after = 0 }) {
      let last = after;
      records.get(name);
      const read = () => {
        const fresh = records.events(name, last);
        last = fresh.at(-1)?.sequence ?? last;
        return fresh;
      };
      yield* changes.follow(jobTopic(name), read, () => terminalJobStatuses.has(records.get(name).status));
    },
    async cancel({ name }) {
      const { status } = records.get(name);
      if (terminalJobStatuses.has(status)) {
        throw new MalachiteError(
          'Conflict',
          `Job "${name}" is ${status} already; only a job that waits or runs can be canceled.`,
        );
      }
      if (status === 'CancelRequested') return records.get(name);
      const run = scheduler.running(name);
      records.setStatus(name, run ? 'CancelRequested' : 'Canceled');
      run?.cancel();
      return records.get(name);
    },
    async result({ name }) {
      const { spec } = records.get(name);
      const primaryMetric = spec.primaryMetric as PrimaryMetric;
      const trials = records.trials(name);
      const outcome = records.outcome(name);
      return {
        primaryMetric,
        trials: leaderboard(trials, primaryMetric),
        bestTrial: outcome?.bestTrial ?? bestTrial(trials, primaryMetric)?.name ?? null,
        conclusions: outcome?.conclusions ?? null,
        guardrails: outcome?.guardrails ?? records.lastEvent(name, 'guardrails')?.guardrails ?? [],
        explanation: outcome?.explanation ?? null,
        validation: outcome?.validation ?? null,
        test: outcome?.test ?? null,
        stopReason: outcome?.stopReason ?? null,
      };
    },
    async metrics({ name }): Promise<Metrics> {
      const { job, trial } = runNamed(name);
      if (trial) return trial.metrics;
      const { bestTrial: best, trials } = await this.result({ name: job.name });
      return trials.find((each) => each.name === best)?.metrics ?? {};
    },
    async artifacts({ name }): Promise<Artifact[]> {
      const { trial } = runNamed(name);
      const kept = records.artifacts(name).map(({ path, sizeBytes }) => ({ path, sizeBytes }));
      const log = jobLogFile(context, name);
      if (trial || !existsSync(log)) return kept;
      return [...kept, { path: logArtifact, sizeBytes: statSync(log).size }];
    },
    async *artifact({ name, path }) {
      const { trial } = runNamed(name);
      const artifacts = records.artifacts(name);
      const found = artifacts.find((each) => each.path === path);
      if (found) return yield* context.blobs.get(found.sha256);
      const log = jobLogFile(context, name);
      if (!trial && path === logArtifact && existsSync(log)) return yield* createReadStream(log) as AsyncIterable<Buffer>;
      const paths = artifacts.map((each) => each.path);
      throw new MalachiteError('NotFound', `"${name}" has no file "${path}". Files: ${paths.join(', ') || 'none yet'}.`);
    },
  };
}
