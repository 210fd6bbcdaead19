/**
 * Every operation of every port as a REST call: method, path, schemas. The server registers its routes from this list
 * and the HTTP adapter makes its calls from it, so the two cannot drift, and the OpenAPI document is core's schemas.
 *
 * Fields of the input that the path names travel in the path; the others in the query of a GET or DELETE and in the
 * JSON body otherwise. An upload's bytes are the body; a download's bytes are the answer; events are server-sent.
 */
import { type TSchema, Type } from 'typebox';
import { AutoMLResult, Metrics } from './automl.ts';
import { ComputeCreate, ComputeTarget, ComputeUpdate } from './compute.ts';
import { Dataset, DatasetCreate, DatasetPreview, DatasetProfile, DatasetQuery, Rows } from './datasets.ts';
import { Blob, BlobInput } from './datastore.ts';
import * as d from './deployment.ts';
import { Model, ModelCreate, ModelFileInput } from './models.ts';
import * as p from './pipelines.ts';
import { ListInput, NameInput, Strict, VersionInput } from './schema.ts';
import { TelemetryQuery, TelemetryResult } from './telemetry.ts';
import { Artifact, ArtifactInput, AutoMLJob, Job, JobEvent, JobEventsInput, JobList } from './training.ts';
import type { PortName, Ports } from './workspace.ts';

export type Operation = {
  readonly kind: 'json' | 'upload' | 'download' | 'events';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{field}` for fields of the input. */
  readonly path: string;
  readonly summary: string;
  readonly input: TSchema;
  /** Of the answer, or of one event; nothing for `void` and bytes. */
  readonly output: TSchema | undefined;
};

const nothing = Strict({});
const json = (method: Operation['method'], path: string, summary: string, input: TSchema, output?: TSchema): Operation => ({
  kind: 'json',
  method,
  path,
  summary,
  input,
  output,
});
const events = (path: string, summary: string, input: TSchema, output: TSchema): Operation => ({
  kind: 'events',
  method: 'GET',
  path,
  summary,
  input,
  output,
});
const download = (path: string, summary: string, input: TSchema): Operation => ({
  kind: 'download',
  method: 'GET',
  path,
  summary,
  input,
  output: undefined,
});

export const operations = {
  datastore: {
    put: { kind: 'upload', method: 'POST', path: '/datastore/blobs', summary: 'Keep bytes', input: nothing, output: Blob },
    get: download('/datastore/blobs/{sha256}', 'Read bytes', BlobInput),
  },
  datasets: {
    create: json('POST', '/datasets', 'Create a dataset version', DatasetCreate, Dataset),
    get: json('GET', '/datasets/{name}', 'Show a dataset version', VersionInput, Dataset),
    list: json('GET', '/datasets', 'List datasets', ListInput, Type.Array(Dataset)),
    versions: json('GET', '/datasets/{name}/versions', 'List the versions of a dataset', NameInput, Type.Array(Dataset)),
    profile: json('GET', '/datasets/{name}/profile', 'Profile the columns of a dataset', VersionInput, DatasetProfile),
    preview: json('GET', '/datasets/{name}/preview', 'Show some rows', DatasetPreview, Rows),
    query: json('POST', '/datasets/{name}/query', 'Query a dataset with SQL', DatasetQuery, Rows),
    archive: json('POST', '/datasets/{name}/archive', 'Archive a dataset version', VersionInput),
    restore: json('POST', '/datasets/{name}/restore', 'Bring a dataset version back from the archive', VersionInput),
  },
  compute: {
    create: json('POST', '/compute', 'Create or update a compute cluster', ComputeCreate, ComputeTarget),
    get: json('GET', '/compute/{name}', 'Show a compute cluster', NameInput, ComputeTarget),
    list: json('GET', '/compute', 'List compute clusters', ListInput, Type.Array(ComputeTarget)),
    update: json('PATCH', '/compute/{name}', 'Update a compute cluster', ComputeUpdate, ComputeTarget),
    delete: json('DELETE', '/compute/{name}', 'Delete a compute cluster', NameInput),
  },
  training: {
    submit: json('POST', '/jobs', 'Submit a job', AutoMLJob, Job),
    get: json('GET', '/jobs/{name}', 'Show a job', NameInput, Job),
    list: json('GET', '/jobs', 'List jobs', JobList, Type.Array(Job)),
    events: events('/jobs/{name}/events', 'Follow a job', JobEventsInput, JobEvent),
    cancel: json('POST', '/jobs/{name}/cancel', 'Cancel a job', NameInput, Job),
    result: json('GET', '/jobs/{name}/result', 'Leaderboard, guardrails and explanation', NameInput, AutoMLResult),
    metrics: json('GET', '/jobs/{name}/metrics', 'Metrics of a job or trial', NameInput, Metrics),
    artifacts: json('GET', '/jobs/{name}/artifacts', 'List the files of a job or trial', NameInput, Type.Array(Artifact)),
    artifact: download('/jobs/{name}/artifacts/content', 'Read a file of a job or trial', ArtifactInput),
  },
  models: {
    create: json('POST', '/models', 'Register a model', ModelCreate, Model),
    get: json('GET', '/models/{name}', 'Show a model version', VersionInput, Model),
    list: json('GET', '/models', 'List models', ListInput, Type.Array(Model)),
    versions: json('GET', '/models/{name}/versions', 'List the versions of a model', NameInput, Type.Array(Model)),
    download: download('/models/{name}/content', 'Read a file of a model', ModelFileInput),
    archive: json('POST', '/models/{name}/archive', 'Archive a model version', VersionInput),
    restore: json('POST', '/models/{name}/restore', 'Bring a model version back from the archive', VersionInput),
  },
  deployment: {
    createEndpoint: json('POST', '/online-endpoints', 'Create an online endpoint', d.EndpointCreate, d.Endpoint),
    getEndpoint: json('GET', '/online-endpoints/{name}', 'Show an online endpoint', NameInput, d.Endpoint),
    listEndpoints: json('GET', '/online-endpoints', 'List online endpoints', ListInput, Type.Array(d.Endpoint)),
    updateEndpoint: json('PATCH', '/online-endpoints/{name}', 'Set traffic, description or tags', d.EndpointUpdate, d.Endpoint),
    deleteEndpoint: json('DELETE', '/online-endpoints/{name}', 'Delete an online endpoint', NameInput),
    keys: json('POST', '/online-endpoints/{name}/listKeys', 'Get the keys of an endpoint', NameInput, d.EndpointKeys),
    token: json('POST', '/online-endpoints/{name}/token', 'Get a token for an endpoint', NameInput, d.EndpointToken),
    regenerateKey: json('POST', '/online-endpoints/{name}/regenerateKeys', 'Replace a key', d.RegenerateKey, d.EndpointKeys),
    createDeployment: json(
      'POST',
      '/online-endpoints/{endpointName}/deployments',
      'Create a deployment',
      d.DeploymentCreate,
      d.Deployment,
    ),
    getDeployment: json(
      'GET',
      '/online-endpoints/{endpointName}/deployments/{name}',
      'Show a deployment',
      d.DeploymentInput,
      d.Deployment,
    ),
    listDeployments: json('GET', '/online-endpoints/{name}/deployments', 'List deployments', NameInput, Type.Array(d.Deployment)),
    updateDeployment: json(
      'PATCH',
      '/online-endpoints/{endpointName}/deployments/{name}',
      'Update a deployment in place',
      d.DeploymentUpdate,
      d.Deployment,
    ),
    deleteDeployment: json(
      'DELETE',
      '/online-endpoints/{endpointName}/deployments/{name}',
      'Delete a deployment',
      d.DeploymentInput,
    ),
    watchDeployment: events(
      '/online-endpoints/{endpointName}/deployments/{name}/events',
      'Follow a deployment',
      d.DeploymentInput,
      d.Deployment,
    ),
    logs: json(
      'GET',
      '/online-endpoints/{endpointName}/deployments/{name}/logs',
      'Container log of a deployment',
      d.DeploymentLogsInput,
      d.Logs,
    ),
    invoke: json('POST', '/online-endpoints/{name}/invoke', 'Send one request to an endpoint', d.Invoke, d.InvokeAnswer),
  },
  pipelines: {
    publish: json('POST', '/pipelines', 'Publish a pipeline', p.PublishPipeline, p.PublishedPipeline),
    get: json('GET', '/pipelines/{id}', 'Show a published pipeline', p.PipelineId, p.PublishedPipeline),
    list: json('GET', '/pipelines', 'List published pipelines', nothing, Type.Array(p.PublishedPipeline)),
    disable: json('POST', '/pipelines/{id}/disable', 'Take a pipeline out of service', p.PipelineId, p.PublishedPipeline),
    key: json('POST', '/pipelines/{id}/listKeys', 'Get the key of a published pipeline', p.PipelineId, p.PipelineKey),
    submit: json('POST', '/pipeline-runs', 'Run a pipeline', p.SubmitPipeline, p.PipelineRun),
    run: json('GET', '/pipeline-runs/{id}', 'Show a pipeline run', p.PipelineRunInput, p.PipelineRun),
    runs: json('GET', '/pipeline-runs', 'List pipeline runs', p.PipelineRunList, Type.Array(p.PipelineRun)),
    watchRun: events('/pipeline-runs/{id}/events', 'Follow a pipeline run', p.PipelineRunInput, p.PipelineRun),
    cancelRun: json('POST', '/pipeline-runs/{id}/cancel', 'Cancel a pipeline run', p.PipelineRunInput, p.PipelineRun),
    createSchedule: json('POST', '/schedules', 'Run a pipeline when a dataset changes', p.ScheduleCreate, p.Schedule),
    listSchedules: json('GET', '/schedules', 'List schedules', nothing, Type.Array(p.Schedule)),
    updateSchedule: json('PATCH', '/schedules/{name}', 'Enable or disable a schedule', p.ScheduleUpdate, p.Schedule),
    deleteSchedule: json('DELETE', '/schedules/{name}', 'Delete a schedule', NameInput),
  },
  telemetry: {
    query: json('POST', '/telemetry/query', 'Query requests, traces, exceptions and metrics', TelemetryQuery, TelemetryResult),
  },
} satisfies { readonly [P in PortName]: { readonly [M in keyof Ports[P]]: Operation } };
