/** Pipelines: jobs of AutoML nodes, and components that are published. Schedules on data are of Azure ML v1. */
import { randomUUID } from 'node:crypto';
import type { JobBase } from '@azure/arm-machinelearning';
import {
  checkGraph,
  type DataInput,
  MalachiteError,
  mapData,
  type PipelineRun,
  type PipelineSpec,
  type Pipelines,
  parseAssetReference,
  terminalPipelineStatuses,
  withInputs,
} from '@malachite/core';
import type { Connection } from '../connection.ts';
import type { AzureDatasets } from '../datasets.ts';
import { asked, missing } from '../errors.ts';
import { defined, ownProperties } from '../forms.ts';
import { notSupported } from '../not-supported.ts';
import { waited, waiting } from '../polling.ts';
import type { Runs } from '../runs.ts';
import type { Storage } from '../storage.ts';
import { trainingData } from '../training-data.ts';
import { azureGraph } from './graph.ts';
import { toPipelineRun } from './pipeline-run.ts';
import { publishedPipelines } from './published.ts';

type Parts = { readonly storage: Storage; readonly datasets: AzureDatasets; readonly runs: Runs };

/** Runs that are asked for at once. */
const atOnce = 8;

export function azurePipelines(connection: Connection, { storage, datasets, runs }: Parts): Pipelines {
  const { client, resourceGroup: group, workspaceName: workspace, signal } = connection;
  const published = publishedPipelines(connection);

  const show = async (job: JobBase): Promise<PipelineRun> => {
    const run = await runs.get(job.name ?? '').catch(missing);
    return toPipelineRun(job, run, run ? await runs.children(run.runId) : []);
  };
  const find = async (id: string): Promise<PipelineRun> => {
    const job = await asked(`Pipeline run "${id}"`, () => client.jobs.get(group, workspace, id)).catch(missing);
    if (job?.properties?.jobType !== 'Pipeline') throw new MalachiteError('NotFound', `There is no pipeline run "${id}".`);
    return show(job);
  };
  const latest = async (data: DataInput): Promise<DataInput> => {
    const reference = parseAssetReference(data.path);
    const { name: version } = await datasets.resource(reference);
    return { ...data, path: `azureml:${reference.name}:${version}` };
  };
  const noSchedules = notSupported('Azure ML’s schedules go by the clock; a new version of a dataset starts none');

  return {
    publish: published.publish,
    get: ({ id }) => published.find(id),
    list: published.list,
    disable: ({ id }) => published.disable(id),
    key: notSupported('A pipeline component has no endpoint, and Azure’s batch endpoints take no keys'),
    async submit({ id, pipeline, experimentName, inputs = {}, runSource = 'SDK' }) {
      if ((id === undefined) === (pipeline === undefined)) {
        throw new MalachiteError('InvalidInput', 'Give either "id", of a published pipeline, or "pipeline", a graph.');
      }
      const known = id === undefined ? undefined : await published.find(id);
      if (known?.status === 'Disabled') {
        throw new MalachiteError(
          'Conflict',
          `Published pipeline "${known.name}" (${known.id}) is disabled; it takes no more runs.`,
        );
      }
      const given = withInputs(known ? known.pipeline : (pipeline as PipelineSpec), inputs);
      checkGraph(given);
      const spec = await mapData(given, latest);
      const graph = azureGraph(connection, spec);
      const data = Object.entries(graph.inputs).map(
        async ([name, path]) => [name, (await trainingData(datasets, storage, path)).input] as const,
      );
      const name = randomUUID();
      const own = { pipeline: JSON.stringify(spec), runSource, ...(known && { pipelineId: known.id }) };
      const outputs = Object.entries(graph.outputs).map(([output, assetName]) => [
        output,
        { jobOutputType: 'mlflow_model', assetName },
      ]);
      // Not by the client: it drops the names of outputs, and sends no token for the nodes.
      await connection.send(`Submitting pipeline "${known?.name ?? name}"`, 'PUT', `/jobs/${name}`, {
        headers: { 'x-azureml-token': await connection.studioToken() },
        body: {
          properties: defined({
            jobType: 'Pipeline',
            displayName: spec.displayName ?? known?.name ?? name,
            experimentName: experimentName ?? known?.name ?? 'Default',
            description: spec.description,
            tags: {},
            properties: ownProperties(own),
            isArchived: false,
            settings: { default_compute: 'serverless', continue_on_step_failure: false },
            inputs: Object.fromEntries(await Promise.all(data)),
            outputs: Object.fromEntries(outputs),
            jobs: graph.nodes,
          }),
        },
      });
      return find(name);
    },
    run: ({ id }) => find(id),
    async runs({ pipelineId }) {
      const wanted = pipelineId === undefined ? undefined : (await published.find(pipelineId)).id;
      const jobs = await asked('Listing pipeline runs', () =>
        Array.fromAsync(client.jobs.list(group, workspace, { jobType: 'Pipeline', listViewType: 'ActiveOnly' })),
      );
      const ours = jobs.filter(({ properties }) => properties?.jobType === 'Pipeline');
      const found: PipelineRun[] = [];
      for (let i = 0; i < ours.length; i += atOnce) found.push(...(await Promise.all(ours.slice(i, i + atOnce).map(show))));
      return found
        .filter((run) => wanted === undefined || run.pipelineId === wanted)
        .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    async *watchRun({ id }): AsyncGenerator<PipelineRun> {
      const wait = waiting(signal);
      let last: string | undefined;
      for (;;) {
        const run = await find(id);
        if (JSON.stringify(run) !== last) {
          last = JSON.stringify(run);
          wait.reset();
          yield run;
        }
        if (terminalPipelineStatuses.has(run.status)) return;
        await wait.next();
      }
    },
    async cancelRun({ id }) {
      const { status } = await find(id);
      if (terminalPipelineStatuses.has(status))
        throw new MalachiteError('Conflict', `Pipeline run "${id}" is ${status} already.`);
      await waited(`Canceling pipeline run "${id}"`, signal, (abortSignal) =>
        client.jobs.beginCancelAndWait(group, workspace, id, { abortSignal }),
      );
      return find(id);
    },
    createSchedule: noSchedules,
    listSchedules: noSchedules,
    updateSchedule: noSchedules,
    deleteSchedule: noSchedules,
  };
}
