/** Pipeline jobs over the pipelines port. A client names its job; the port numbers its runs: both names are kept. */
import { type Job, type JobStatus, MalachiteError, type PipelineRun } from '@malachite/core';
import { dataResolver } from '../data-resolver.ts';
import type { Facade } from '../facade.ts';
import { idOf, type Scope } from '../paths.ts';
import { type JsonObject, objectAt, over, resource, textAt } from '../resource.ts';
import { pipelineOfArm } from './pipeline-of-arm.ts';

/** A run under the name that its client gave it, or its own. */
export type PipelineJob = { readonly name: string; readonly run: PipelineRun; readonly kept: JsonObject | undefined };

const collection = 'pipelineJobs';
/** The names that clients gave runs, by the runs' own ids. */
const names = 'pipelineRuns';

export async function submitPipeline(facade: Facade, name: string, body: JsonObject): Promise<PipelineJob> {
  const pipeline = await pipelineOfArm(body, dataResolver(facade));
  const experimentName = textAt(objectAt(body, 'properties'), 'experimentName');
  const run = await facade.workspace.pipelines.submit({ pipeline, ...(experimentName && { experimentName }) });
  facade.documents.put([collection, name], { id: run.id, body });
  facade.documents.put([names, run.id], { name });
  return { name, run, kept: body };
}

/** The pipeline job of a name, or of the id of its run. */
export async function findPipeline({ workspace, documents }: Facade, name: string): Promise<PipelineJob | undefined> {
  if (!workspace.supports.pipelines) return undefined;
  const kept = documents.get([collection, name])?.body;
  const run = await workspace.pipelines.run({ id: textAt(kept, 'id') ?? name }).catch((error: unknown) => {
    if (error instanceof MalachiteError && ['NotFound', 'InvalidInput'].includes(error.code)) return undefined;
    throw error;
  });
  return run && { name, run, kept: objectAt(kept, 'body') };
}

/** Newest first. */
export async function listPipelines({ workspace, documents }: Facade): Promise<PipelineJob[]> {
  if (!workspace.supports.pipelines) return [];
  const kept = new Map(documents.list([collection]).map(({ name, body }) => [textAt(body, 'id'), { name, body }]));
  return (await workspace.pipelines.runs({})).map((run) => {
    const known = kept.get(run.id);
    return { name: known?.name ?? run.id, run, kept: objectAt(known?.body, 'body') };
  });
}

/** The jobs that are nodes of a pipeline: lists of jobs leave them out. */
export const nodesOf = (pipelines: readonly PipelineJob[]): ReadonlySet<string | null> =>
  new Set(pipelines.flatMap(({ run }) => run.steps.map(({ jobName }) => jobName)));

/** The pipeline job that a job is a node of: the job carries the id of its run. */
export async function pipelineOfNode(facade: Facade, { properties }: Job): Promise<PipelineJob | undefined> {
  const id = properties['azureml.pipelinerunid'];
  return id ? findPipeline(facade, textAt(facade.documents.get([names, id])?.body, 'name') ?? id) : undefined;
}

export const statusOf = ({ status }: PipelineRun): JobStatus => (status === 'Finished' ? 'Completed' : status);

export function pipelineToArm(scope: Scope, { name, run, kept }: PipelineJob, changes: JsonObject, origin: string): JsonObject {
  const sent = objectAt(kept, 'properties');
  const known = {
    jobType: 'Pipeline',
    status: statusOf(run),
    displayName: changes.displayName ?? textAt(sent, 'displayName') ?? name,
    experimentName: run.experimentName,
    tags: { ...objectAt(sent, 'tags'), ...objectAt(changes, 'tags') },
    properties: {
      'azureml.runsource': 'azureml.PipelineRun',
      runSource: run.runSource,
      runType: run.runSource,
      ...run.properties,
    },
    isArchived: changes.hidden === true,
    services: { Studio: { jobServiceType: 'Studio', endpoint: `${origin}/runs/${name}?wsid=${idOf(scope)}` } },
    parentJobName: null,
  };
  const nodes = Object.fromEntries(run.steps.map(({ name: step, type }) => [step, { type }]));
  return resource({
    scope,
    path: ['jobs', name],
    properties: over({ inputs: {}, outputs: {}, settings: {}, jobs: nodes, ...sent }, known),
    createdAt: run.createdAt,
    lastModifiedAt: run.endTime ?? run.startTime ?? run.createdAt,
  });
}
