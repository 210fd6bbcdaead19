/** Steps 7 to 9: the best model registered, deployed behind an endpoint with keys, and asked about two rows. */
import {
  type Dataset,
  type Deployment,
  type Endpoint,
  MalachiteError,
  type Model,
  settledDeployment,
  type Workspace,
} from '@malachite/core';
import { numberText } from '../cli/table.ts';
import type { Told } from './story.ts';

export async function registerModel(workspace: Workspace, name: string, jobName: string): Promise<Told<Model>> {
  const model = await workspace.models.create({ name, path: `azureml://jobs/${jobName}/outputs/best_model` });
  const parity = model.parity
    ? `; trainer and ONNX Runtime differ by ${numberText(Number(model.parity.maxDifference.toPrecision(2)))} at most on ${model.parity.rows} rows`
    : '';
  return { value: model, outcome: `${model.name}:${model.version}${parity}` };
}

export type Deployed = { readonly endpoint: Endpoint; readonly deployment: Deployment; readonly primaryKey: string };

const deploymentName = 'blue';

/** Makes the endpoint and its deployment, or gives the deployment that is there the new model. */
export async function deploy(workspace: Workspace, endpointName: string, model: Model): Promise<Told<Deployed>> {
  const { deployment: port } = workspace;
  const reference = `azureml:${model.name}:${model.version}`;
  const endpoints = await port.listEndpoints({});
  if (!endpoints.some(({ name }) => name === endpointName)) await port.createEndpoint({ name: endpointName, authMode: 'key' });
  const which = { endpointName, name: deploymentName };
  const deployments = await port.listDeployments({ name: endpointName });
  const settings = { ...which, model: reference, appInsightsEnabled: true };
  if (deployments.some(({ name }) => name === deploymentName)) await port.updateDeployment(settings);
  else await port.createDeployment(settings);
  const deployment = await settledDeployment(port, which);
  if (deployment.provisioningState !== 'Succeeded') {
    throw new MalachiteError(
      'Failed',
      `Deployment "${deploymentName}" is ${deployment.provisioningState}: ${deployment.error ?? 'no reason was given'}`,
    );
  }
  const endpoint = await port.updateEndpoint({ name: endpointName, traffic: { [deploymentName]: 100 } });
  const { primaryKey } = await port.keys({ name: endpointName });
  return { value: { endpoint, deployment, primaryKey }, outcome: `${endpoint.scoringUri}, ${reference} takes all traffic` };
}

/** Two rows of the data without the target, with different labels where there are such; the body that scores them. */
export async function twoRows(workspace: Workspace, dataset: Dataset, target: string): Promise<string> {
  const { columns, rows } = await workspace.datasets.preview({ name: dataset.name, version: dataset.version, limit: 500 });
  const at = columns.findIndex(({ name }) => name === target);
  const second = rows.find((row) => row[at] !== rows[0]?.[at]) ?? rows[1];
  const chosen = [second, rows[0]].filter((row) => row !== undefined);
  const records = chosen.map((row) => Object.fromEntries(columns.flatMap(({ name }, i) => (i === at ? [] : [[name, row[i]]]))));
  return JSON.stringify({ data: records });
}

/** Sends the body to the scoring URI over HTTP, as any client would. */
export async function score({ endpoint, primaryKey }: Deployed, body: string): Promise<Told<string>> {
  const response = await fetch(endpoint.scoringUri, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${primaryKey}` },
    body,
  });
  const answer = await response.text();
  if (!response.ok) throw new MalachiteError('Failed', `The endpoint answered ${response.status}: ${answer}`);
  return { value: answer, outcome: answer };
}
