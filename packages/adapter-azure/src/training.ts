/** AutoML jobs: submitted to ARM, followed in the run history. */
import { randomBytes } from 'node:crypto';
import type { AutoMLJob as ArmAutoML, JobBase } from '@azure/arm-machinelearning';
import {
  type AutoMLJob,
  type AutoMLResult,
  type Compute,
  type Job,
  type JobEvent,
  type JobStatus,
  jobStatuses,
  MalachiteError,
  type Metrics,
  type Training,
  type Trial,
} from '@malachite/core';
import { defaultMetric, detailsOf, specOf, type TaskDetails, withDefaults } from './automl-details.ts';
import { type Connection, idOf } from './connection.ts';
import type { AzureDatasets } from './datasets.ts';
import { asked, missing } from './errors.ts';
import { createdAtOf, defined, ownProperties, ownProperty, textsOf } from './forms.ts';
import { validationIn } from './guardrails.ts';
import { happenings, hasEnded } from './job-events.ts';
import { waited, waiting } from './polling.ts';
import type { Run, Runs } from './runs.ts';
import type { Storage } from './storage.ts';
import { trainingData } from './training-data.ts';
import { isTrial, ranked, trialOf } from './trials.ts';

type Parts = {
  readonly storage: Storage;
  readonly datasets: AzureDatasets;
  readonly compute: Compute;
  readonly runs: Runs;
};

/** Jobs that are asked for at once. */
const atOnce = 8;

export function azureTraining(connection: Connection, { storage, datasets, compute, runs }: Parts): Training {
  const { client, resourceGroup: group, workspaceName: workspace, signal } = connection;
  // What has ended does not change.
  const finished = new Map<string, Trial>();

  const look = (name: string): Promise<JobBase | undefined> =>
    asked(`Job "${name}"`, () => client.jobs.get(group, workspace, name)).catch(missing);
  const get = async (name: string): Promise<Job> => {
    const found = await look(name);
    // A trial is a run and no job: ARM has nothing to say of it.
    if (!found?.properties) throw new MalachiteError('NotFound', `There is no job "${name}".`);
    return show(found);
  };
  const show = async (job: JobBase): Promise<Job> => toCore(job, await runs.get(job.name ?? '').catch(missing));

  const trialsOf = async (job: Job): Promise<Trial[]> => {
    const found = (await runs.children(job.name)).filter(isTrial).map(async (run) => {
      const known = finished.get(run.runId);
      if (known) return known;
      const trial = trialOf(run, await runs.metrics(run.runId), job.startTime);
      finished.set(run.runId, trial);
      return trial;
    });
    return Promise.all(found);
  };
  const resultOf = async (job: Job): Promise<AutoMLResult> => {
    const [trials, chosen] = await Promise.all([trialsOf(job), runs.get(job.name).then(runs.bestTrial)]);
    const guardrails = trials.length > 0 ? await runs.guardrails(job.name) : [];
    const primaryMetric = job.spec.primaryMetric ?? defaultMetric(job.spec.task);
    const inOrder = ranked(trials, isLowerBetter(job), chosen);
    const best = inOrder.find(({ score }) => score !== null)?.name ?? null;
    return {
      primaryMetric,
      trials: inOrder,
      bestTrial: inOrder.some(({ name }) => name === chosen) ? (chosen as string) : best,
      conclusions: null,
      guardrails,
      explanation: null,
      validation: validationIn(guardrails),
      test: null,
      stopReason: null,
    };
  };
  const metricsOf = async (name: string): Promise<Metrics> => {
    const run = await runs.get(name);
    if (run.parentRunId) return runs.metrics(name);
    const { trials, bestTrial } = await resultOf(await get(name));
    return trials.find((trial) => trial.name === bestTrial)?.metrics ?? {};
  };

  return {
    async submit(input) {
      const name = input.name ?? `automl_${randomBytes(6).toString('hex')}`;
      if (await look(name)) {
        throw new MalachiteError('Conflict', `Job "${name}" exists. Choose another name, or none.`);
      }
      const target = input.compute?.replace(/^azureml:/, '');
      const isServerless = target === undefined || target === 'serverless';
      if (!isServerless) await compute.get({ name: target });
      const data = (given: AutoMLJob['testData']) => given && trainingData(datasets, storage, given.path);
      const [training, validation, test] = await Promise.all([
        data(input.trainingData),
        data(input.validationData),
        data(input.testData),
      ]);
      const spec: AutoMLJob = defined({
        ...withDefaults(input),
        name,
        displayName: input.displayName ?? name,
        compute: isServerless ? 'serverless' : target,
        trainingData: { ...input.trainingData, path: training?.reference ?? '' },
        validationData: validation && { ...input.validationData, path: validation.reference },
        testData: test && { ...input.testData, path: test.reference },
      });
      const taskDetails = detailsOf(spec, {
        trainingData: training?.input,
        validationData: validation?.input,
        testData: test?.input,
      });
      // Not by the client: it would send the job without its settings.
      await connection.send(`Submitting job "${name}"`, 'PUT', `/jobs/${name}`, {
        body: {
          properties: defined({
            jobType: 'AutoML',
            displayName: spec.displayName,
            experimentName: spec.experimentName,
            description: input.description,
            tags: input.tags ?? {},
            properties: { ...input.properties, ...ownProperties({ spec: JSON.stringify(spec) }) },
            computeId: isServerless ? undefined : idOf(connection, 'computes', target),
            isArchived: false,
            outputs: { best_model: { jobOutputType: 'mlflow_model' } },
            taskDetails,
          }),
        },
      });
      return get(name);
    },
    get: ({ name }) => get(name),
    async list({ experimentName, status }) {
      const jobs = await asked('Listing jobs', () =>
        Array.fromAsync(client.jobs.list(group, workspace, { jobType: 'AutoML', listViewType: 'ActiveOnly' })),
      );
      const wanted = jobs.filter(
        ({ properties }) =>
          properties?.jobType === 'AutoML' && (experimentName === undefined || properties.experimentName === experimentName),
      );
      const shown: Job[] = [];
      for (let i = 0; i < wanted.length; i += atOnce) shown.push(...(await Promise.all(wanted.slice(i, i + atOnce).map(show))));
      return shown
        .filter((job) => status === undefined || job.status === status)
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    async *events({ name, after = 0 }): AsyncGenerator<JobEvent> {
      const wait = waiting(signal);
      const told = new Set<string>();
      for (;;) {
        const job = await get(name);
        for (const [key, event] of happenings(job, await resultOf(job), isLowerBetter(job))) {
          if (told.has(key)) continue;
          told.add(key);
          wait.reset();
          if (told.size > after) yield { ...event, sequence: told.size } as JobEvent;
        }
        if (hasEnded(job)) return;
        await wait.next();
      }
    },
    async cancel({ name }) {
      const job = await get(name);
      if (hasEnded(job)) throw new MalachiteError('Conflict', `Job "${name}" has ended: ${job.status}.`);
      await waited(`Canceling job "${name}"`, signal, (abortSignal) =>
        client.jobs.beginCancelAndWait(group, workspace, name, { abortSignal }),
      );
      return get(name);
    },
    result: async ({ name }) => resultOf(await get(name)),
    metrics: ({ name }) => metricsOf(name),
    artifacts: ({ name }) => runs.files(name),
    async *artifact({ name, path }) {
      if (path.split('/').includes('..')) throw new MalachiteError('NotFound', `"${name}" has no file "${path}".`);
      await runs.get(name);
      yield* runs.read(name, path);
    },
  };
}

const isLowerBetter = ({ spec }: Job): boolean => /error/.test(spec.primaryMetric ?? defaultMetric(spec.task));

function toCore({ name = '', properties, systemData }: JobBase, run: Run | undefined): Job {
  const { displayName, experimentName, description, tags, computeId, taskDetails, ...rest } = properties as ArmAutoML;
  const kept = ownProperty(rest.properties, 'spec');
  const spec: AutoMLJob = kept ? JSON.parse(kept) : { type: 'automl', ...specOf(taskDetails as TaskDetails) };
  const status = statusOf(rest.status);
  const error = run?.error?.error;
  return {
    name,
    type: 'automl',
    displayName: displayName ?? name,
    experimentName: experimentName ?? 'Default',
    ...(description && { description }),
    tags: textsOf(tags),
    properties: textsOf(rest.properties),
    compute: computeId?.split('/').at(-1) ?? 'serverless',
    status,
    createdAt: createdAtOf(systemData),
    startTime: timeOf(run?.startTimeUtc),
    endTime: hasEnded({ status } as Job) ? timeOf(run?.endTimeUtc) : null,
    error: error ? { code: error.code ?? 'Failed', message: error.message ?? 'The job failed.' } : null,
    spec,
  };
}

/** Azure has a few more words for the same: a node being made ready, and a node that is silent. */
function statusOf(status = 'NotStarted'): JobStatus {
  if (status === 'Starting' || status === 'Provisioning') return 'Preparing';
  return jobStatuses.find((each) => each === status) ?? 'Running';
}

/** The service writes up to seven digits of a second. */
const timeOf = (text: string | null | undefined): string | null => (text ? new Date(text).toISOString() : null);
