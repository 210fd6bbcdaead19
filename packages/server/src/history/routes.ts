/** The run history's REST routes, below the address that discovery answers. */
import { MalachiteError, terminalJobStatuses, terminalPipelineStatuses } from '@malachite/core';
import type { FastifyInstance } from 'fastify';
import type { Facade } from '../arm/facade.ts';
import { page } from '../arm/list.ts';
import { type Scope, workspaceRoute } from '../arm/paths.ts';
import { type JobOutput, outputsOf } from '../arm/pipelines/pipeline-outputs.ts';
import { field, type JsonObject, textAt } from '../arm/resource.ts';
import { artifactPath, artifactUrl } from '../storage/artifact-container.ts';
import { exportFiles } from '../storage/transfers.ts';
import { changeRun, childrenOf, findRun, logFilesOf, type Run, runToHistory } from './runs.ts';

type RunParams = Scope & { readonly id: string };
type ArtifactQuery = { readonly path?: string };

/** Clients name a run with its experiment, or without. */
const prefixes = [`/history/v1.0${workspaceRoute}/runs/:id`, `/history/v1.0${workspaceRoute}/experiments/:experiment/runs/:id`];

export function registerHistory(app: FastifyInstance, facade: Facade): void {
  const { runFiles, origin } = facade;
  const show = (run: Run): Promise<JsonObject> => runToHistory(facade, run);

  for (const run of prefixes) {
    app.get<{ Params: RunParams }>(run, async ({ params }) => show(await findRun(facade, params.id)));
    app.patch<{ Params: RunParams; Body: JsonObject }>(run, async ({ params, body }) => {
      changeRun(facade, await findRun(facade, params.id), body);
      return show(await findRun(facade, params.id));
    });
    app.get<{ Params: RunParams }>(`${run}/details`, async ({ params }) => {
      const found = await findRun(facade, params.id);
      return { ...(await show(found)), logFiles: await logFilesOf(facade, found) };
    });
    app.get<{ Params: RunParams }>(`${run}/children`, async (request) => {
      const found = await findRun(facade, request.params.id);
      const children = await childrenOf(facade, found);
      return page(request, origin(), await Promise.all(children.map(show)));
    });
    app.get(`${run}/serviceinstances/:rank`, async () => ({ instances: {} }));
    app.get<{ Params: RunParams; Querystring: ArtifactQuery }>(`${run}/artifacts`, async (request) => {
      const { id, kind } = await findRun(facade, request.params.id);
      const prefix = request.query.path ?? '';
      const all = kind === 'pipeline' ? [] : await runFiles.of(id);
      const artifacts = all.filter(({ path }) => path.startsWith(prefix));
      return page(
        request,
        origin(),
        artifacts.map(({ path, sizeBytes }) => ({
          artifactId: artifactPath(id, path),
          origin: 'ExperimentRun',
          container: `dcid.${id}`,
          path,
          size: sizeBytes,
        })),
      );
    });
    app.get<{ Params: RunParams; Querystring: ArtifactQuery }>(`${run}/artifacts/contentinfo`, async ({ params, query }) => {
      const { id, kind } = await findRun(facade, params.id);
      const path = query.path ?? '';
      const artifacts = kind === 'pipeline' ? [] : await runFiles.of(id);
      if (!artifacts.some((artifact) => artifact.path === path)) {
        throw new MalachiteError('NotFound', `Run "${id}" has no artifact "${path}".`);
      }
      return {
        origin: 'ExperimentRun',
        container: `dcid.${id}`,
        path,
        contentUri: artifactUrl(origin(), facade.tokens, id, path),
      };
    });
  }

  app.post<{ Params: Scope; Body: JsonObject }>(`/history/v1.0${workspaceRoute}/rundata`, async ({ body }) => {
    const id = textAt(body, 'runId');
    if (!id) throw new MalachiteError('InvalidInput', '"runId" is missing.');
    const found = await findRun(facade, id);
    await exportBestModel(facade, found);
    // Model outputs are left out on purpose: the present client fails on them, and lists the default datastore instead.
    return { runMetadata: { ...(await show(found)), outputs: {} }, runDefinition: null, jobSpecification: null };
  });
  app.post<{ Params: Scope; Body: JsonObject }>(
    `/data/v1.0${workspaceRoute}/dataversion/batchGetResolvedUris`,
    async ({ body }) => {
      const values = field(body, 'values');
      if (!Array.isArray(values)) throw new MalachiteError('InvalidInput', '"values" must be a list of asset ids.');
      return { values: Object.fromEntries(values.map((id) => [String(id), { uri: String(id), type: 'uri_folder' }])) };
    },
  );
}

/** Named outputs are read from `azureml/{job}/{output}/` of the default datastore; a pipeline's are those of its nodes. */
async function exportBestModel(facade: Facade, run: Run): Promise<void> {
  if (run.kind === 'job' && terminalJobStatuses.has(run.job.status)) {
    await exportOutput(facade, `azureml/${run.id}/best_model`, { job: run.id, output: 'best_model' });
  }
  if (run.kind !== 'pipeline' || !terminalPipelineStatuses.has(run.pipeline.run.status)) return;
  for (const [name, output] of outputsOf(run.pipeline)) await exportOutput(facade, `azureml/${run.id}/${name}`, output);
}

async function exportOutput({ workspace, blobs }: Facade, path: string, { job, output }: JobOutput): Promise<void> {
  const prefix = `outputs/${output}/`;
  const artifacts = await workspace.training.artifacts({ name: job });
  const files = artifacts.filter((artifact) => artifact.path.startsWith(prefix));
  if (files.length === 0) return;
  const { container } = await blobs.open();
  await exportFiles(
    container,
    path,
    files.map((file) => ({
      path: file.path.slice(prefix.length),
      content: () => workspace.training.artifact({ name: job, path: file.path }),
    })),
  );
}
