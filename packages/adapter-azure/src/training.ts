/** AutoML jobs: submitted to ARM, followed in the run history. */
import { randomBytes } from 'node:crypto';
import {
  type AutoMLJob,
  type AutoMLResult,
  type Compute,
  type Explanation,
  type Guardrail,
  type Job,
  type JobEvent,
  MalachiteError,
  type Metrics,
  type Training,
  type Trial,
} from '@malachite/core';
import { defaultMetric, detailsOf, withDefaults } from './automl-details.ts';
import { type Connection, idOf } from './connection.ts';
import type { AzureDatasets } from './datasets.ts';
import { missing } from './errors.ts';
import { defined, ownProperties } from './forms.ts';
import { validationIn } from './guardrails.ts';
import { happenings, hasEnded } from './job-events.ts';
import { jobFiles } from './job-files.ts';
import { azureJobs } from './jobs.ts';
import { waited, waiting } from './polling.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';
import type { Storage } from './storage.ts';
import { trainingData } from './training-data.ts';
import { isOfTrial, isTrial, ranked, trialOf } from './trials.ts';

type Parts = {
  readonly storage: Storage;
  readonly datasets: AzureDatasets;
  readonly compute: Compute;
  readonly runs: Runs;
};

export function azureTraining(connection: Connection, { storage, datasets, compute, runs }: Parts): Training {
  const { client, resourceGroup: group, workspaceName: workspace, signal } = connection;
  const jobs = azureJobs(connection, runs);
  const files = jobFiles(runs);
  // What has ended does not change.
  const finished = new Map<string, Trial>();

  const trialsOf = async (job: Job): Promise<Trial[]> => {
    const found = (await runs.children(job.name)).filter(isTrial).map(async (run) => {
      const known = finished.get(run.runId);
      if (known) return known;
      const trial = trialOf(run, await runs.metrics(run.runId), job.startTime);
      // Metrics may come a moment after the end.
      if (trial.score === null || Object.keys(trial.metrics).length > 0) finished.set(run.runId, trial);
      return trial;
    });
    return Promise.all(found);
  };
  /** The service looks at the data once. */
  const looked = new Map<string, readonly Guardrail[]>();
  const guardrailsOf = async (name: string): Promise<Guardrail[]> => {
    const found = looked.get(name) ?? (await runs.guardrails(name));
    if (found.length > 0) looked.set(name, found);
    return [...found];
  };
  /** Of a model that has been explained: the service does so when the job has ended, and then it stays. */
  const explanations = new Map<string, Explanation>();
  const explanationOf = async (job: Job, trial: string | null): Promise<Explanation | null> => {
    const known = explanations.get(job.name);
    if (known || !hasEnded(job)) return known ?? null;
    const metric = job.spec.primaryMetric ?? defaultMetric(job.spec.task);
    const found = (trial && (await runs.explanation(trial, metric))) || (await runs.explanation(job.name, metric));
    if (found) explanations.set(job.name, found);
    return found;
  };
  /** All but the explanation, which takes a look at the files. */
  const resultOf = async (job: Job): Promise<AutoMLResult> => {
    // The history hears of a job a moment after Resource Manager.
    const run = await runs.get(job.name).catch(missing);
    const [trials, chosen] = run ? [await trialsOf(job), runs.bestTrial(run)] : [[], undefined];
    const guardrails = trials.length > 0 ? await guardrailsOf(job.name) : [];
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
      stopReason: run ? stopReasonOf(run) : null,
    };
  };
  const metricsOf = async (name: string): Promise<Metrics> => {
    const run = await runs.get(name);
    if (isOfTrial(run)) return runs.metrics(name);
    const { trials, bestTrial } = await resultOf(await jobs.get(name));
    return trials.find((trial) => trial.name === bestTrial)?.metrics ?? {};
  };

  return {
    async submit(input) {
      const name = input.name ?? `automl_${randomBytes(6).toString('hex')}`;
      if (await jobs.exists(name)) {
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
        trainingData: { type: training?.type, ...input.trainingData, path: training?.reference ?? '' },
        validationData: validation && { type: validation.type, ...input.validationData, path: validation.reference },
        testData: test && { type: test.type, ...input.testData, path: test.reference },
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
      return jobs.get(name);
    },
    get: ({ name }) => jobs.get(name),
    async list({ experimentName, status }) {
      return (await jobs.list(experimentName))
        .filter((job) => status === undefined || job.status === status)
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    async *events({ name, after = 0 }): AsyncGenerator<JobEvent> {
      const wait = waiting(signal);
      const told = new Set<string>();
      for (;;) {
        const job = await jobs.get(name);
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
      const job = await jobs.get(name);
      if (hasEnded(job)) throw new MalachiteError('Conflict', `Job "${name}" has ended: ${job.status}.`);
      await waited(`Canceling job "${name}"`, signal, (abortSignal) =>
        client.jobs.beginCancelAndWait(group, workspace, name, { abortSignal }),
      );
      return jobs.get(name);
    },
    async result({ name }) {
      const job = await jobs.get(name);
      const result = await resultOf(job);
      return { ...result, explanation: await explanationOf(job, result.bestTrial) };
    },
    metrics: ({ name }) => metricsOf(name),
    artifacts: ({ name }) => files.list(name),
    async *artifact({ name, path }) {
      if (path.split('/').includes('..')) throw new MalachiteError('NotFound', `"${name}" has no file "${path}".`);
      yield* files.read(name, path);
    },
  };
}

/** Why the search ended before its limits: the service warns of it. */
export const stopReasonOf = ({ tags, warnings }: Run): string | null =>
  tags?.['_aml_system_azureml.automl_early_exit_message'] ?? warnings?.find(({ message }) => message)?.message ?? null;

const isLowerBetter = ({ spec }: Job): boolean => /error/.test(spec.primaryMetric ?? defaultMetric(spec.task));
