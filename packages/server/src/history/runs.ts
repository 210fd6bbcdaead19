/** Run history: jobs and their trials as runs, with parents and children, log addresses and outputs. */
import { type AutoMLResult, type Job, type JobStatus, MalachiteError, parseAssetReference, type Trial } from '@malachite/core';
import { type Facade, location } from '../arm/facade.ts';
import { findPipeline, type PipelineJob, pipelineOfNode, statusOf } from '../arm/pipelines/pipeline-jobs.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../arm/resource.ts';
import { missing } from '../missing.ts';
import type { RunRow } from '../mlflow/runs.ts';
import { artifactUrl } from '../storage/artifact-container.ts';
import { earlyExit, parentTags, trialDisplayName, trialProperties, trialTags, trialTimes } from './automl-run.ts';
import { parentProperties, targetOf } from './automl-settings.ts';
import { changeLogged, findLogged, loggedParts } from './logged-run.ts';

/** A run: a job, a pipeline's, a trial, or what an MLflow client logged by itself. */
export type Run =
  | { readonly kind: 'job'; readonly id: string; readonly job: Job }
  | { readonly kind: 'pipeline'; readonly id: string; readonly pipeline: PipelineJob }
  | { readonly kind: 'logged'; readonly id: string; readonly logged: RunRow }
  | { readonly kind: 'trial'; readonly id: string; readonly job: Job; readonly trial: Trial; readonly result: AutoMLResult };

/** @throws MalachiteError `NotFound` when nothing of that name has run. */
export async function findRun(facade: Facade, id: string): Promise<Run> {
  const { training } = facade.workspace;
  const nowhere = new MalachiteError('NotFound', `There is no run "${id}".`);
  const job = await training.get({ name: id }).catch(missing);
  if (job) return { kind: 'job', id: job.name, job };
  const pipeline = await findPipeline(facade, id);
  if (pipeline) return { kind: 'pipeline', id: pipeline.name, pipeline };
  const logged = findLogged(facade.tracking, id);
  if (logged) return { kind: 'logged', id, logged };
  const [, parent] = /^(.+)_\d+$/.exec(id) ?? [];
  const owner = parent ? await training.get({ name: parent }).catch(missing) : undefined;
  if (!owner) throw nowhere;
  const result = await facade.results.of(owner);
  const trial = result.trials.find(({ name }) => name === id);
  if (!trial) throw nowhere;
  return { kind: 'trial', id: trial.name, job: owner, trial, result };
}

/** The trials of a job in the order they were started; the jobs of a pipeline's nodes; the runs below one of MLflow's. */
export async function childrenOf({ workspace: { training }, results, tracking }: Facade, run: Run): Promise<Run[]> {
  if (run.kind === 'trial') return [];
  if (run.kind === 'logged') {
    return tracking.runs.childrenOf(run.id).map((logged) => ({ kind: 'logged', id: logged.id, logged }));
  }
  if (run.kind === 'pipeline') {
    const names = run.pipeline.run.steps.flatMap(({ jobName }) => jobName ?? []);
    return Promise.all(names.map(async (name) => ({ kind: 'job', id: name, job: await training.get({ name }) }) as const));
  }
  const { job } = run;
  const result = await results.of(job);
  return result.trials
    .toSorted((a, b) => a.iteration - b.iteration)
    .map((trial) => ({ kind: 'trial', id: trial.name, job, trial, result }));
}

/** What clients have changed of a run: display name, description, tags, properties, hidden. */
export function changesOf({ documents }: Pick<Facade, 'documents'>, id: string): JsonObject {
  return documents.get(['runs', id])?.body ?? {};
}

export function changeRun({ documents, tracking }: Facade, { kind, id }: Run, changes: JsonObject): void {
  if (kind === 'logged') changeLogged(tracking, id, changes);
  const before = documents.get(['runs', id])?.body ?? {};
  const joined = Object.entries(changes).map(([key, value]) => {
    const old = before[key];
    return [key, isObject(old) && isObject(value) ? { ...old, ...value } : value];
  });
  documents.put(['runs', id], { ...before, ...Object.fromEntries(joined) });
}

export async function runToHistory(facade: Facade, run: Run): Promise<JsonObject> {
  const changes = changesOf(facade, run.id);
  const parts = await partsOf(facade, run);
  const { createdAt, experimentName, target } = originOf(facade, run);
  return {
    runId: run.id,
    runUuid: run.id,
    runNumber: Math.floor(Date.parse(createdAt) / 1000),
    experimentId: experimentName,
    experimentName,
    dataContainerId: `dcid.${run.id}`,
    createdTimeUtc: createdAt,
    userId: 'Malachite',
    createdBy: { userName: 'Malachite', userTenantId: null },
    target,
    hidden: changes.hidden ?? false,
    services: {},
    warnings: [],
    ...parts,
    displayName: changes.displayName ?? parts.displayName,
    description: changes.description ?? (run.kind === 'job' ? (run.job.description ?? null) : null),
    tags: { ...parts.tags, ...objectAt(changes, 'tags') },
    properties: { ...parts.properties, ...objectAt(changes, 'properties') },
  };
}

function originOf({ tracking }: Facade, run: Run) {
  if (run.kind === 'pipeline') return { ...run.pipeline.run, target: null };
  if (run.kind !== 'logged') return { ...run.job, target: targetOf(run.job) };
  const { start_time, experiment_id } = run.logged;
  const { name } = tracking.experiments.get(experiment_id);
  return { createdAt: new Date(start_time).toISOString(), experimentName: name, target: 'local' };
}

async function partsOf(facade: Facade, run: Run) {
  if (run.kind === 'logged') return loggedParts(facade.tracking, run.logged);
  if (run.kind === 'trial') return trialParts(run.job, run.trial);
  return run.kind === 'job' ? parentParts(facade, run.job) : pipelineParts(facade, run.pipeline);
}

function pipelineParts({ workspace }: Facade, { name, run, kept }: PipelineJob) {
  const sent = objectAt(kept, 'properties');
  const failed = run.steps.find(({ error }) => error !== null)?.error;
  return {
    parentRunId: null,
    rootRunId: name,
    displayName: textAt(sent, 'displayName') ?? name,
    status: statusOf(run) as string,
    runType: 'azureml.PipelineRun',
    startTimeUtc: run.startTime,
    endTimeUtc: run.endTime,
    tags: { ...objectAt(sent, 'tags') },
    properties: { 'azureml.runsource': 'azureml.PipelineRun', runSource: run.runSource, ...run.properties },
    error: failed ? { error: { code: 'UserError', message: failed.message, details: [] } } : null,
    inputs: {},
    outputs: Object.fromEntries(
      run.steps.flatMap(({ name: output, model }) => (model ? [[output, modelOutput(workspace.name, model)]] : [])),
    ),
    runTypeV2: { orchestrator: 'Pipeline', traits: [], attribution: null, computeType: null },
  };
}

/** A registered model as the run that made it names it. */
function modelOutput(workspace: string, reference: string) {
  const { name, version } = parseAssetReference(reference);
  return {
    assetId: `azureml://locations/${location}/workspaces/${workspace}/models/${name}/versions/${version}`,
    type: 'MLFlowModel',
  };
}

async function parentParts(facade: Facade, job: Job) {
  const result = await facade.results.of(job).catch(missing);
  const parent = await pipelineOfNode(facade, job);
  return {
    parentRunId: parent?.name ?? null,
    rootRunId: parent?.name ?? job.name,
    displayName: job.displayName,
    status: job.status as string,
    runType: 'automl',
    startTimeUtc: job.startTime,
    endTimeUtc: job.endTime,
    warnings: result ? earlyExit(result) : [],
    tags: { ...job.tags, ...parentTags(result) },
    properties: { ...parentProperties(job, result), ...job.properties },
    error: job.error && { error: { code: 'UserError', message: job.error.message, details: [] } },
    inputs: { training_data: { assetId: job.spec.trainingData.path, type: 'MLTable' } },
    outputs: {},
    runTypeV2: { orchestrator: 'AutoML', traits: ['automl', 'Remote.Parent'], attribution: 'AutoML', computeType: null },
  };
}

function trialParts(job: Job, trial: Trial) {
  return {
    parentRunId: job.name,
    rootRunId: job.name,
    displayName: trialDisplayName(trial),
    status: trial.status as JobStatus as string,
    runType: 'azureml.scriptrun',
    ...trialTimes(job, trial),
    tags: trialTags(job),
    properties: trialProperties(job, trial),
    error: trial.error === undefined ? null : { error: { code: 'UserError', message: trial.error, details: [] } },
    inputs: {},
    outputs: {},
    runTypeV2: {
      orchestrator: 'Execution',
      traits: ['automl', 'Remote.Child', 'scriptRun', 'remote', 'AlmostCommonRuntime', 'CommonRuntime'],
      attribution: 'AutoML',
      computeType: 'AmlcTrain',
    },
  };
}

/** What is there to read while the job runs, and afterwards; addresses carry their own permission. */
export async function logFilesOf({ workspace, tokens, origin }: Facade, run: Run): Promise<Record<string, string>> {
  if (run.kind === 'pipeline' || run.kind === 'logged') return {};
  const artifacts = await workspace.training.artifacts({ name: run.id });
  const logs = artifacts.filter(({ path }) => /^(user_logs|logs|azureml-logs)\//.test(path));
  return Object.fromEntries(logs.map(({ path }) => [path, artifactUrl(origin(), tokens, run.id, path)]));
}
