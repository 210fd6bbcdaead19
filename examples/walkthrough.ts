/**
 * Operationalizing machine learning as a programme: data, AutoML, best model, explanation, endpoint, request, log, pipeline.
 *
 *     node examples/walkthrough.ts
 *
 * It asks `openWorkspace()` for the workspace and knows nothing of what is behind it: the running server, or this process
 * alone when there is none. With the adapter to Azure, MALACHITE_BACKEND=azure will run the same lines there.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { jobCompletion, pipelineCompletion, settledDeployment } from '@malachite/core';
import { openWorkspace } from 'malachite';

const csv = new URL('../fixtures/bank-marketing/bank-marketing-synthetic.csv', import.meta.url);
/** Two people, as the body of a request. */
const payload = await readFile(new URL('payload.json', import.meta.url), 'utf8');

const workspace = await openWorkspace();
try {
  // 1. The data, as an immutable version.
  const { sha256 } = await workspace.datastore.put(createReadStream(csv));
  const dataset = await workspace.datasets.create({ name: 'bank', type: 'uri_file', files: [{ path: 'bank.csv', sha256 }] });
  console.log(`data      ${dataset.name}:${dataset.version}, ${dataset.rowCount} rows, ${dataset.columns.length} columns`);

  // 2. AutoML on a cluster, followed while it runs.
  await workspace.compute.create({ name: 'cpu-cluster', maxInstances: 2 });
  const submitted = await workspace.training.submit({
    type: 'automl',
    task: 'classification',
    experimentName: 'bank-marketing',
    compute: 'cpu-cluster',
    trainingData: { path: `azureml:bank:${dataset.version}` },
    targetColumnName: 'y',
    primaryMetric: 'AUC_weighted',
    limits: { timeoutMinutes: 0.25 },
  });
  for await (const event of workspace.training.events({ name: submitted.name })) {
    if (event.type === 'trial') console.log(`trial     ${event.trial.algorithm} ${event.trial.score?.toFixed(4) ?? 'failed'}`);
  }
  const job = await jobCompletion(workspace.training, submitted.name);
  if (job.status !== 'Completed') throw new Error(`The job is ${job.status}: ${job.error?.message ?? ''}`);

  // 3. What came out of it.
  const { trials, guardrails, explanation } = await workspace.training.result({ name: job.name });
  const metrics = await workspace.training.metrics({ name: job.name });
  console.log(`best      ${trials[0]?.algorithm}, AUC_weighted ${metrics.AUC_weighted}, accuracy ${metrics.accuracy}`);
  console.log(`data      ${guardrails.map(({ friendlyType, result }) => `${friendlyType}: ${result}`).join('; ')}`);
  console.log(
    `because   ${explanation?.features
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', ')}`,
  );

  // 4. The best model behind an endpoint that asks for a key.
  const model = await workspace.models.create({ name: 'bank', path: `azureml://jobs/${job.name}/outputs/best_model` });
  const endpointName = `bank-${Date.now().toString(36)}`;
  await workspace.deployment.createEndpoint({ name: endpointName });
  const which = { endpointName, name: 'blue' };
  await workspace.deployment.createDeployment({ ...which, model: `azureml:bank:${model.version}`, appInsightsEnabled: true });
  const deployment = await settledDeployment(workspace.deployment, which);
  if (deployment.provisioningState !== 'Succeeded')
    throw new Error(`The deployment is ${deployment.provisioningState}: ${deployment.error}`);
  const endpoint = await workspace.deployment.updateEndpoint({ name: endpointName, traffic: { blue: 100 } });

  // 5. Two rows scored over HTTP, as any client does it.
  const { primaryKey } = await workspace.deployment.keys({ name: endpointName });
  const response = await fetch(endpoint.scoringUri, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${primaryKey}` },
    body: payload,
  });
  console.log(`scored    ${response.status} ${await response.text()}`);

  // 6. What the endpoint wrote about it. Rows arrive a moment after the answer.
  await pause(500);
  const requests = await workspace.telemetry.query({
    query: 'requests | order by timestamp desc | take 1 | project name, resultCode, duration',
  });
  console.log(`log       ${JSON.stringify(requests.rows)}`);

  // 7. The same as a pipeline behind a REST endpoint, which runs again when the data change.
  const pipeline = await workspace.pipelines.publish({
    name: endpointName,
    pipeline: {
      inputs: { training_data: { path: 'azureml:bank@latest' } },
      jobs: {
        train: {
          type: 'automl',
          task: 'classification',
          trainingData: { path: '${{parent.inputs.training_data}}' },
          targetColumnName: 'y',
          limits: { maxTrials: 2 },
        },
        register: { type: 'register_model', modelName: 'bank', path: '${{parent.jobs.train.outputs.best_model}}' },
      },
    },
  });
  await workspace.pipelines.createSchedule({
    name: `${endpointName}-on-new-data`,
    pipelineId: pipeline.id,
    trigger: { type: 'dataset', datasetName: 'bank' },
  });
  const { id } = await workspace.pipelines.submit({ id: pipeline.id, experimentName: 'bank-marketing' });
  const run = await pipelineCompletion(workspace.pipelines, id);
  console.log(
    `pipeline  ${run.status}, made ${run.steps.find((step) => step.model)?.model}; REST: ${pipeline.endpoint ?? 'with a server only'}`,
  );
} finally {
  await workspace.close();
}
