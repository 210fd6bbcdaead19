/** Jobs: AutoML over the training port, under the ids and words of ARM. */
import { type Job, MalachiteError, terminalJobStatuses, terminalPipelineStatuses } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import { changesOf, findRun } from '../history/runs.ts';
import { missing } from '../missing.ts';
import { detailsOfJob } from './automl/details-of-job.ts';
import { jobOfArm } from './automl/job-of-arm.ts';
import { dataResolver } from './data-resolver.ts';
import type { Facade } from './facade.ts';
import { isListed, page } from './list.ts';
import { idOf, type Scope, typeOf, workspaceRoute } from './paths.ts';
import {
  findPipeline,
  listPipelines,
  nodesOf,
  type PipelineJob,
  pipelineToArm,
  submitPipeline,
} from './pipelines/pipeline-jobs.ts';
import { field, type JsonObject, objectAt, over, resource, textAt } from './resource.ts';

type Params = Scope & { readonly name: string };
const route = `${workspaceRoute}/jobs/:name`;

export function registerJobs(app: FastifyInstance, facade: Facade): void {
  const { workspace, documents, origin } = facade;
  const show = (scope: Scope, job: Job): JsonObject =>
    toArm(scope, job, documents.get(['jobs', job.name])?.body, changesOf(facade, job.name), origin());

  const showPipeline = (scope: Scope, job: PipelineJob): JsonObject =>
    pipelineToArm(scope, job, changesOf(facade, job.name), origin());

  app.put<{ Params: Params; Body: JsonObject }>(route, async ({ params, body }, reply) => {
    const existing = await workspace.training.get({ name: params.name }).catch(missing);
    if (existing) return show(params, existing);
    const jobType = textAt(objectAt(body, 'properties'), 'jobType')?.toLowerCase();
    if (jobType === 'pipeline') {
      const known = await findPipeline(facade, params.name);
      const job = known ?? (await submitPipeline(facade, params.name, body));
      return reply.code(known ? 200 : 201).send(showPipeline(params, job));
    }
    mustBeAutoML(jobType);
    const job = await workspace.training.submit(await jobOfArm(params.name, body, dataResolver(facade)));
    documents.put(['jobs', job.name], body);
    return reply.code(201).send(show(params, job));
  });
  app.get<{ Params: Params }>(route, async ({ params }) => {
    const run = await findRun(facade, params.name);
    if (run.kind === 'job') return show(params, run.job);
    if (run.kind === 'pipeline') return showPipeline(params, run.pipeline);
    // A trial, or a run of MLflow's, is no job: clients look for it in the run history when its properties are null.
    return { id: idOf(params, 'jobs', run.id), name: run.id, type: typeOf('jobs'), properties: null };
  });
  app.get<{ Params: Scope }>(`${workspaceRoute}/jobs`, async (request) => {
    const pipelines = await listPipelines(facade);
    const nodes = nodesOf(pipelines);
    const all = [
      ...(await workspace.training.list({})).map((job) => ({ job, name: job.name, at: job.createdAt })),
      ...pipelines.map((pipeline) => ({ pipeline, name: pipeline.name, at: pipeline.run.createdAt })),
    ];
    const shown = all
      .filter(({ name }) => !nodes.has(name) && isListed(request, isHidden(facade, name)))
      .sort((a, b) => b.at.localeCompare(a.at));
    return page(
      request,
      origin(),
      shown.map((each) => ('job' in each ? show(request.params, each.job) : showPipeline(request.params, each.pipeline))),
    );
  });
  app.post<{ Params: Params }>(`${route}/cancel`, async ({ params }, reply) => {
    const pipeline = await findPipeline(facade, params.name);
    if (pipeline) {
      if (!terminalPipelineStatuses.has(pipeline.run.status)) await workspace.pipelines.cancelRun({ id: pipeline.run.id });
      return reply.code(200).send();
    }
    const job = await workspace.training.get({ name: params.name });
    // Azure takes the cancellation of a job that has ended for done.
    if (!terminalJobStatuses.has(job.status)) await workspace.training.cancel({ name: params.name });
    return reply.code(200).send();
  });
}

/** Hidden by a client's archive; the job itself stays. */
function isHidden({ documents }: Facade, name: string): boolean {
  return field(documents.get(['runs', name])?.body, 'hidden') === true;
}

function mustBeAutoML(jobType = ''): void {
  if (jobType === 'automl') return;
  throw new MalachiteError(
    'NotSupported',
    `Malachite does not run jobs of type ${jobType || '(none)'}: only AutoML, and pipelines of AutoML nodes.`,
  );
}

/** @param changes What clients have changed of the run since: name, description, tags, properties. */
function toArm(scope: Scope, job: Job, kept: JsonObject | undefined, changes: JsonObject, origin: string): JsonObject {
  const sent = objectAt(kept, 'properties');
  const isServerless = job.compute === 'serverless';
  const known = {
    jobType: 'AutoML',
    status: job.status,
    displayName: changes.displayName ?? job.displayName,
    experimentName: job.experimentName,
    description: changes.description ?? job.description,
    isArchived: changes.hidden === true,
    computeId: isServerless ? undefined : idOf(scope, 'computes', job.compute),
    tags: { ...job.tags, ...objectAt(changes, 'tags') },
    properties: { ...job.properties, ...objectAt(changes, 'properties') },
    taskDetails: over(objectAt(sent, 'taskDetails'), objectAt(sent, 'taskDetails') ? {} : detailsOfJob(scope, job.spec)),
    resources: { instanceCount: 1, shmSize: '2g' },
    services: {
      Tracking: { jobServiceType: 'Tracking', endpoint: `azureml://${new URL(origin).host}/mlflow/v1.0${idOf(scope)}?` },
      Studio: { jobServiceType: 'Studio', endpoint: `${origin}/runs/${job.name}?wsid=${idOf(scope)}` },
    },
    parentJobName: null,
    ...(job.error && { error: job.error }),
  };
  return resource({
    scope,
    path: ['jobs', job.name],
    properties: over({ outputs: {}, identity: null, ...sent }, known),
    createdAt: job.createdAt,
    lastModifiedAt: job.endTime ?? job.startTime ?? job.createdAt,
  });
}
