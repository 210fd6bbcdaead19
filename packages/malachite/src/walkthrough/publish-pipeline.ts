/** Steps 11 to 13: a pipeline behind a REST endpoint, a schedule on the data, and next month's rows that set it off. */
import { readFile } from 'node:fs/promises';
import {
  type Dataset,
  MalachiteError,
  type PipelineRun,
  type PublishedPipeline,
  pipelineCompletion,
  type Schedule,
  type Workspace,
} from '@malachite/core';
import { pipelineName, scoreText } from '../console/iteration-table.ts';
import type { DataSource } from './data-source.ts';
import type { Problem } from './register-data.ts';
import type { Told } from './story.ts';

export type Published = { readonly pipeline: PublishedPipeline; readonly key: string };

/** One AutoML step and one that registers its best model. A pipeline of that name that is active is taken as it is. */
export async function publishPipeline(
  workspace: Workspace,
  name: string,
  dataset: Dataset,
  problem: Problem,
): Promise<Told<Published>> {
  const { pipelines } = workspace;
  const active = (await pipelines.list()).find((pipeline) => pipeline.name === name && pipeline.status === 'Active');
  const pipeline =
    active ??
    (await pipelines.publish({
      name,
      description: `Trains on the latest ${dataset.name} and registers the best model.`,
      pipeline: {
        inputs: { training_data: { type: 'uri_file', path: `azureml:${dataset.name}@latest` } },
        jobs: {
          train: {
            type: 'automl',
            task: problem.task,
            trainingData: { path: '${{parent.inputs.training_data}}' },
            targetColumnName: problem.target,
            limits: { timeoutMinutes: 0.1 },
          },
          register: { type: 'register_model', modelName: dataset.name, path: '${{parent.jobs.train.outputs.best_model}}' },
        },
      },
    }));
  const { key } = await pipelines.key({ id: pipeline.id });
  return { value: { pipeline, key }, outcome: pipeline.endpoint ?? pipeline.id };
}

export async function createSchedule(
  workspace: Workspace,
  { pipeline }: Published,
  datasetName: string,
): Promise<Told<Schedule>> {
  const name = `${pipeline.name}-on-new-data`;
  const there = (await workspace.pipelines.listSchedules()).find((schedule) => schedule.name === name);
  const schedule =
    there ??
    (await workspace.pipelines.createSchedule({ name, pipelineId: pipeline.id, trigger: { type: 'dataset', datasetName } }));
  return { value: schedule, outcome: `${schedule.name}: runs at each new version of ${datasetName}` };
}

/** The next version of the data is made; the schedule starts a run, which is followed to its end. */
export async function nextMonth(
  workspace: Workspace,
  source: DataSource & { readonly nextRows: string },
  scheduleName: string,
  progress: (line: string) => void,
): Promise<Told<PipelineRun | undefined>> {
  const before = await workspace.datasets.versions({ name: source.name });
  const dataset = await addRows(workspace, source);
  const isNew = before.every(({ version }) => version !== dataset.version);
  const run = await startedRun(workspace, scheduleName, dataset.version);
  if (run === undefined) return { value: undefined, outcome: `${dataset.name}:${dataset.version} set off no run` };
  progress(`${dataset.name}:${dataset.version} started run ${run.id}`);
  const finished = await pipelineCompletion(workspace.pipelines, run.id);
  if (finished.status !== 'Finished') throw new MalachiteError('Failed', `Pipeline run ${run.id} is ${finished.status}.`);
  const cause = `${dataset.name}:${dataset.version} ${isNew ? 'set off the pipeline' : 'was there already'}`;
  return { value: finished, outcome: `${cause}; ${await made(workspace, finished)}` };
}

async function addRows(
  workspace: Workspace,
  { name, file, nextRows }: DataSource & { readonly nextRows: string },
): Promise<Dataset> {
  const rows = await readFile(file, 'utf8');
  const more = await readFile(nextRows, 'utf8');
  const whole = `${rows.trimEnd()}\n${more.slice(more.indexOf('\n') + 1)}`;
  const blob = await workspace.datastore.put(oneChunk(new TextEncoder().encode(whole)));
  return workspace.datasets.create({
    name,
    type: 'uri_file',
    description: 'with the rows of next month',
    files: [{ path: `${name}.csv`, ...blob }],
  });
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The run that the schedule started for this version; undefined when the version had been acted upon before. */
async function startedRun(workspace: Workspace, scheduleName: string, version: string): Promise<PipelineRun | undefined> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const schedule = (await workspace.pipelines.listSchedules()).find(({ name }) => name === scheduleName);
    if (schedule?.lastRunId && schedule.lastVersion === version) return workspace.pipelines.run({ id: schedule.lastRunId });
    if (schedule?.lastVersion === version) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

async function made(workspace: Workspace, { steps }: PipelineRun): Promise<string> {
  const jobName = steps.find((step) => step.jobName !== null)?.jobName;
  const model = steps.find((step) => step.model !== null)?.model;
  const result = jobName ? await workspace.training.result({ name: jobName }) : undefined;
  const best = result?.trials.find((trial) => trial.name === result.bestTrial);
  return `${model ?? 'no model'}${best ? ` (${pipelineName(best)}, ${result?.primaryMetric} ${scoreText(best.score)})` : ''}`;
}
