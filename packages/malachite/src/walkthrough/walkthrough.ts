/**
 * The whole of "Operationalizing Machine Learning", played through the ports of a workspace, so that it is the same on
 * every backend: data, AutoML, best model, explanation, endpoint, request, log, pipeline, schedule.
 */
import { type Explanation, MalachiteError, type Metrics, type PipelineRun, type Workspace } from '@malachite/core';
import type { DataSource } from './data-source.ts';
import { type Deployed, deploy, registerModel, score, twoRows } from './deploy.ts';
import { type Observed, observe } from './observe.ts';
import { createSchedule, nextMonth, type Published, publishPipeline } from './publish-pipeline.ts';
import { profileData, registerData } from './register-data.ts';
import type { Story } from './story.ts';
import { createCompute, guardrailsTold, type Trained, train } from './train.ts';

export type WalkthroughOptions = {
  readonly workspace: Workspace;
  readonly source: DataSource;
  readonly story: Story;
  /** Of the AutoML run. */
  readonly timeoutMinutes: number;
};

/** What the walk-through made; everything its summary shows. */
export type Walkthrough = {
  readonly trained: Trained;
  readonly metrics: Metrics;
  readonly explanation: Explanation | null;
  readonly deployed: Deployed;
  readonly requestBody: string;
  readonly answer: string;
  /** From the start of the process to the scored rows. */
  readonly secondsToScore: number;
  readonly observed: Observed;
  readonly published: Published | undefined;
  readonly scheduledRun: PipelineRun | undefined;
};

/** Plays it. Played again on the same data, it trains anew and gives the endpoint the new model; the rest is taken as it is. */
export async function playWalkthrough({ workspace, source, story, timeoutMinutes }: WalkthroughOptions): Promise<Walkthrough> {
  if (!workspace.supports.automl) throw new MalachiteError('NotSupported', `The ${workspace.backend} workspace has no AutoML.`);
  const dataset = await story.step('Register the data', () => registerData(workspace, source));
  const problem = await story.step('Profile it', () => profileData(workspace, dataset, source.target));
  const compute = await story.step('Create compute', () => createCompute(workspace, 'cpu-cluster'));
  const trained = await story.step(`Train by AutoML, ${Math.round(timeoutMinutes * 60)} s`, (progress) =>
    train(workspace, { dataset, problem, compute, timeoutMinutes, progress }),
  );
  await story.step('Look at the guardrails', async () => guardrailsTold(trained.result.guardrails));
  const metrics = await story.step('Read the metrics', async () => {
    const value = await workspace.training.metrics({ name: trained.jobName });
    return { value, outcome: `${Object.keys(value).length} metrics of the best trial` };
  });
  const { explanation } = trained.result;
  await story.step('Explain the best model', async () => ({
    value: explanation,
    outcome:
      explanation?.features
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ') ?? 'no explanation was asked for',
  }));
  const model = await story.step('Register the model', () => registerModel(workspace, source.name, trained.jobName));
  const deployed = await story.step('Deploy it behind an endpoint', () => deploy(workspace, endpointName(source.name), model));
  const requestBody = await twoRows(workspace, dataset, problem.target);
  const sentAt = new Date();
  const answer = await story.step('Score two rows', () => score(deployed, requestBody));
  const secondsToScore = story.elapsed();
  const observed = await story.step('Read the logs', () => observe(workspace, deployed, sentAt));
  const made = { trained, metrics, explanation, deployed, requestBody, answer, secondsToScore, observed };
  const { supports } = workspace;
  if (!supports.pipelineKeys || !supports.dataTriggers) return { ...made, published: undefined, scheduledRun: undefined };

  const published = await story.step('Publish a pipeline', () =>
    publishPipeline(workspace, `${source.name}-train`, dataset, problem),
  );
  const schedule = await story.step('Schedule it on the data', () => createSchedule(workspace, published, dataset.name));
  const { nextRows } = source;
  const scheduledRun = nextRows
    ? await story.step('Next month, the data change', (progress) =>
        nextMonth(workspace, { ...source, nextRows }, schedule.name, progress),
      )
    : undefined;
  return { ...made, published, scheduledRun };
}

/** Azure's rule for endpoint names: 3 to 32 letters, digits and "-", beginning with a letter. */
function endpointName(name: string): string {
  const letters = name
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  return letters.length >= 3 ? letters : `endpoint-${letters}`.replace(/-+$/, '');
}
