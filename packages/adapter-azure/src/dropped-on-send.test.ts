/**
 * Why some requests do not go through Microsoft's client: what it drops when it writes them. When one of these fails, the
 * client has learned, and the request can go back to it: jobs in `training.ts`, endpoints in `endpoints.ts`.
 */
import { type AutoMLJob, AzureMachineLearningWorkspaces, type OnlineEndpoint } from '@azure/arm-machinelearning';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';

/** The client, and the body of the last request that it wrote. Nothing leaves the process. */
function writing() {
  let written: { properties: Record<string, unknown> } | undefined;
  const credential = { getToken: async () => ({ token: 'none', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const client = new AzureMachineLearningWorkspaces(credential, 'subscription', {
    endpoint: 'https://nowhere.invalid',
    httpClient: {
      async sendRequest(request) {
        written = JSON.parse(String(request.body));
        const headers = createHttpHeaders({ 'content-type': 'application/json' });
        return { request, status: 200, headers, bodyAsText: JSON.stringify({ ...written, name: 'x' }) };
      },
    },
  });
  return { client, properties: () => written?.properties ?? {} };
}

const trainingData = { jobInputType: 'mltable', uri: 'azureml://datastores/d/paths/p' } as const;

test('an AutoML job is written without the settings of its task', async () => {
  const { client, properties } = writing();
  const job = {
    jobType: 'AutoML',
    taskDetails: {
      taskType: 'Classification',
      targetColumnName: 'y',
      trainingData,
      primaryMetric: 'Accuracy',
      limitSettings: { maxTrials: 3 },
      featurizationSettings: { mode: 'auto' },
      trainingSettings: { enableVoteEnsemble: false },
    },
  } as AutoMLJob;
  await client.jobs.createOrUpdate('group', 'workspace', 'x', { properties: job });
  const details = properties().taskDetails as object;
  expect(details).toMatchObject({ taskType: 'Classification', targetColumnName: 'y', trainingData });
  for (const dropped of ['primaryMetric', 'limitSettings', 'featurizationSettings', 'trainingSettings']) {
    expect(details).not.toHaveProperty(dropped);
  }
});

test('the output of a job is written without its address', async () => {
  const { client, properties } = writing();
  const outputs = { o: { jobOutputType: 'uri_folder', uri: trainingData.uri } } as AutoMLJob['outputs'];
  const job = { jobType: 'AutoML', taskDetails: { taskType: 'Regression', trainingData }, outputs } as AutoMLJob;
  await client.jobs.createOrUpdate('group', 'workspace', 'x', { properties: job });
  expect(properties().outputs).toEqual({ o: { jobOutputType: 'uri_folder' } });
});

test('an endpoint is written without its mirror traffic', async () => {
  const { client, properties } = writing();
  const endpoint = { authMode: 'Key', traffic: { blue: 100 }, mirrorTraffic: { green: 10 }, provisioningState: 'Succeeded' };
  await client.onlineEndpoints.beginCreateOrUpdateAndWait('group', 'workspace', 'x', {
    location: 'here',
    properties: endpoint as OnlineEndpoint['properties'],
  });
  expect(properties()).toMatchObject({ authMode: 'Key', traffic: { blue: 100 } });
  expect(properties()).not.toHaveProperty('mirrorTraffic');
});
