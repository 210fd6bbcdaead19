/**
 * The REST endpoint of published pipelines, at the path Azure ML gives it: a POST with the pipeline's key starts a run,
 * a GET with the same key shows how it goes. Subscription and resource group are whatever the caller writes.
 */
import { ErrorBody, MalachiteError, type Workspace } from '@malachite/core';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { inJson } from '../api/error-answers.ts';
import { carriesKey } from '../guard/keys.ts';
import { RunEntity, runEntity } from './run-entity.ts';
import { readSubmission, Submission } from './submission.ts';

const runsPath =
  '/pipelines/v1.0/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/providers/Microsoft.MachineLearningServices/workspaces/:workspaceName/PipelineRuns';

export function registerPublishedPipelines(app: FastifyInstance, workspace: Workspace): void {
  app.post<{ Params: { workspaceName: string; id: string } }>(
    `${runsPath}/PipelineSubmit/:id`,
    { schema: { ...schemaOf('submit', 'Start a run of a published pipeline'), body: Submission } },
    async (request) => {
      const { workspaceName, id } = request.params;
      await authorize(request, workspace, workspaceName, async () => id);
      return runEntity(await workspace.pipelines.submit(readSubmission(id, request.body)));
    },
  );
  app.get<{ Params: { workspaceName: string; runId: string } }>(
    `${runsPath}/:runId`,
    { schema: schemaOf('run', 'Show a run of a published pipeline') },
    async (request) => {
      const { workspaceName, runId } = request.params;
      const run = () => workspace.pipelines.run({ id: runId });
      await authorize(request, workspace, workspaceName, async () => (await run()).pipelineId);
      return runEntity(await run());
    },
  );
}

/** Without a key nothing is looked up; with one, it must be the key of the pipeline that was named. */
async function authorize(
  request: FastifyRequest,
  workspace: Workspace,
  workspaceName: string,
  pipelineOf: () => Promise<string | null>,
): Promise<void> {
  const { authorization } = request.headers;
  if (!authorization) throw refused('Send the key of the pipeline: "authorization: Bearer KEY".');
  if (workspaceName.toLowerCase() !== workspace.name.toLowerCase()) {
    throw new MalachiteError('NotFound', `There is no workspace "${workspaceName}" here; this one is "${workspace.name}".`);
  }
  const id = await pipelineOf();
  if (id === null) throw refused('The run is of no published pipeline, so no key opens it here.');
  const { key } = await workspace.pipelines.key({ id });
  if (!carriesKey(authorization, key)) throw refused('That is not the key of this pipeline.');
}

const refused = (sentence: string) => new MalachiteError('Unauthorized', sentence);

function schemaOf(method: string, summary: string): FastifySchema {
  return {
    operationId: `published_${method}`,
    tags: ['published'],
    summary,
    security: [{ bearer: [] }],
    response: {
      200: inJson(summary, RunEntity),
      400: inJson('A field of the body is wrong.', ErrorBody),
      401: inJson('The key of the pipeline is missing or wrong.', ErrorBody),
      404: inJson('There is no such workspace, pipeline or run.', ErrorBody),
      409: inJson('The pipeline is not in service.', ErrorBody),
      500: inJson('It ran and failed.', ErrorBody),
    },
  };
}
