/** AutoML jobs as Azure keeps them: a resource of ARM's with a run beside it, or, of a pipeline's node, mostly the run alone. */
import type { AutoMLJob as ArmAutoML, JobBase } from '@azure/arm-machinelearning';
import { type AutoMLJob, boundStep, type Job, MalachiteError, type PipelineSpec } from '@malachite/core';
import { specOf, type TaskDetails, withDefaults } from './automl-details.ts';
import type { Connection } from './connection.ts';
import { asked, missing } from './errors.ts';
import { createdAtOf, ownProperty, textsOf } from './forms.ts';
import { hasEnded } from './job-events.ts';
import { errorOf, type Run, timeOf } from './run.ts';
import { jobOfRun, statusOf } from './run-job.ts';
import type { Runs } from './runs.ts';

export type Jobs = {
  exists(name: string): Promise<boolean>;
  /** @throws MalachiteError `NotFound`, also for a trial and for a job of another kind. */
  get(name: string): Promise<Job>;
  /** In no order; without the jobs of pipelines' nodes. */
  list(experimentName: string | undefined): Promise<Job[]>;
};

/** Jobs that are asked for at once. */
const atOnce = 8;

export function azureJobs(connection: Connection, runs: Runs): Jobs {
  const { client, resourceGroup: group, workspaceName: workspace } = connection;
  const look = (name: string): Promise<JobBase | undefined> =>
    asked(`Job "${name}"`, () => client.jobs.get(group, workspace, name)).catch(missing);
  /** The pipelines that nodes are of. What they were told does not change. */
  const pipelines = new Map<string, JobBase | undefined>();
  const pipelineOf = async ({ parentRunId }: Run): Promise<JobBase | undefined> => {
    if (!parentRunId) return undefined;
    if (!pipelines.has(parentRunId)) pipelines.set(parentRunId, await look(parentRunId));
    return pipelines.get(parentRunId);
  };
  const show = async (job: JobBase): Promise<Job> => {
    const run = await runs.get(job.name ?? '').catch(missing);
    return toCore(job, run, run && specOfNode(run, await pipelineOf(run)));
  };
  const ofRun = async (name: string): Promise<Job | undefined> => {
    const run = await runs.get(name);
    const job = jobOfRun(run);
    if (!job) return undefined;
    const pipeline = await pipelineOf(run);
    const spec = specOfNode(run, pipeline) ?? job.spec;
    return { ...job, experimentName: pipeline?.properties.experimentName ?? job.experimentName, spec };
  };
  return {
    exists: async (name) => (await look(name)) !== undefined,
    async get(name) {
      const found = await look(name);
      if (found?.properties?.jobType === 'AutoML') return show(found);
      const job = found && !found.properties ? await ofRun(name) : undefined;
      if (!job) throw new MalachiteError('NotFound', `There is no job "${name}".`);
      return job;
    },
    async list(experimentName) {
      const all = await asked('Listing jobs', () =>
        Array.fromAsync(client.jobs.list(group, workspace, { jobType: 'AutoML', listViewType: 'ActiveOnly' })),
      );
      const wanted = all.filter(
        ({ properties }) =>
          properties?.jobType === 'AutoML' && (experimentName === undefined || properties.experimentName === experimentName),
      );
      const found: Job[] = [];
      for (let i = 0; i < wanted.length; i += atOnce) found.push(...(await Promise.all(wanted.slice(i, i + atOnce).map(show))));
      return found;
    },
  };
}

/** What a node of ours was told: the pipeline keeps it. */
function specOfNode({ runId, displayName }: Run, pipeline: JobBase | undefined): AutoMLJob | undefined {
  const kept = ownProperty(pipeline?.properties.properties, 'pipeline');
  if (kept === undefined) return undefined;
  const spec = JSON.parse(kept) as PipelineSpec;
  const step = displayName ? spec.jobs[displayName] : undefined;
  if (!displayName || step?.type !== 'automl') return undefined;
  const experimentName = pipeline?.properties.experimentName;
  return withDefaults({ compute: 'serverless', ...boundStep(spec, step), name: runId, displayName, experimentName });
}

/** @param told The specification, where another than the job itself keeps it. */
function toCore({ name = '', properties, systemData }: JobBase, run: Run | undefined, told: AutoMLJob | undefined): Job {
  const { displayName, experimentName, description, tags, computeId, taskDetails, ...rest } = properties as ArmAutoML;
  const kept = ownProperty(rest.properties, 'spec');
  const status = statusOf(rest.status);
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
    error: errorOf(run),
    spec: kept ? (JSON.parse(kept) as AutoMLJob) : (told ?? { type: 'automl', ...specOf(taskDetails as TaskDetails) }),
  };
}
