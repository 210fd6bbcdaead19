import { Agent, request } from 'node:http';
import { type AssetFile, type DeploymentUpdate, settledDeployment, type Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { adder, register } from '../test-models.ts';
import { openLocalWorkspace } from '../workspace.ts';

const connections = 64;
const body = '{"Inputs": {"data": [{"x": 1}]}}';

/** Requests without a pause on 64 connections until told to stop. @returns how often each answer came */
async function load(scoringUri: string, isOver: () => boolean): Promise<Map<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answers = new Map<string, number>();
  const ask = () =>
    new Promise<string>((resolve) => {
      const sent = request(scoringUri, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve(`${answer.statusCode} ${text}`));
      });
      sent.on('error', (error) => resolve(error.message));
      sent.end(body);
    });
  const client = async (): Promise<void> => {
    while (!isOver()) {
      const answer = await ask();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return answers;
}

async function deploy({ deployment }: Workspace, name: string, model: string, instanceCount: number): Promise<void> {
  await deployment.createDeployment({ endpointName: 'adder', name, model, instanceCount });
  const settled = await settledDeployment(deployment, { endpointName: 'adder', name });
  expect(settled).toMatchObject({ provisioningState: 'Succeeded', error: null });
}

test.each([1, 2])(
  'blue to green, another model in place, scaled up and down, %i instances under 64 connections: no request fails',
  async (count) => {
    const workspace = await openLocalWorkspace({ home: temporaryHome() });
    onTestFinished(() => workspace.close());
    const { deployment } = workspace;
    const [one, ten] = [await register(workspace, 'm', adder(1)), await register(workspace, 'm', adder(10))];
    const hundred = await register(workspace, 'm', adder(100));
    const { scoringUri } = await deployment.createEndpoint({ name: 'adder', authMode: 'none' });
    await deploy(workspace, 'blue', one, count);
    await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 100 } });
    let isOver = false;
    const loaded = load(scoringUri, () => isOver);
    await deploy(workspace, 'green', ten, count);
    await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 50, green: 50 } });
    await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 0, green: 100 } });
    await deployment.deleteDeployment({ endpointName: 'adder', name: 'blue' });
    const green = { endpointName: 'adder', name: 'green' };
    await deployment.updateDeployment({ ...green, model: hundred });
    expect(await settledDeployment(deployment, green)).toMatchObject({ provisioningState: 'Succeeded', error: null });
    await deployment.updateDeployment({ ...green, instanceCount: 3 });
    await deployment.updateDeployment({ ...green, instanceCount: 1 });
    isOver = true;
    const answers = await loaded;
    expect([...answers.keys()].sort()).toEqual(['200 {"Results": [101.0]}', '200 {"Results": [11.0]}', '200 {"Results": [2.0]}']);
  },
);

/** `score.mjs` that answers with its own word and with one of its environment's. */
async function script({ datastore }: Workspace, word: string): Promise<{ scoringScript: string; files: AssetFile[] }> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`export const init = () => {};\nexport const run = () => '${word} ' + process.env.UNIT;\n`);
  }
  return { scoringScript: 'score.mjs', files: [{ path: 'score.mjs', ...(await datastore.put(bytes())) }] };
}

test('another script, other variables, probes and bounds, scaled up and down, under 64 connections: no request fails', async () => {
  const workspace = await openLocalWorkspace({ home: temporaryHome() });
  onTestFinished(() => workspace.close());
  const { deployment } = workspace;
  const model = await register(workspace, 'm', adder(1));
  const { scoringUri } = await deployment.createEndpoint({ name: 'adder', authMode: 'none' });
  const blue = { endpointName: 'adder', name: 'blue' };
  const codeConfiguration = await script(workspace, 'one');
  await deployment.createDeployment({ ...blue, model, codeConfiguration, environmentVariables: { UNIT: 'metre' } });
  expect(await settledDeployment(deployment, blue)).toMatchObject({ provisioningState: 'Succeeded', error: null });
  await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 100 } });
  let isOver = false;
  const loaded = load(scoringUri, () => isOver);
  const probe = { initialDelay: 0, period: 1, timeout: 30, failureThreshold: 2 };
  const changes: Partial<DeploymentUpdate>[] = [
    { codeConfiguration: await script(workspace, 'two') },
    { environmentVariables: { UNIT: 'mile' } },
    { instanceCount: 3 },
    { livenessProbe: probe, readinessProbe: probe },
    { requestSettings: { requestTimeoutMs: 60_000, maxConcurrentRequestsPerInstance: 100, maxQueueWaitMs: 60_000 } },
    { instanceCount: 1 },
  ];
  for (const change of changes) {
    await deployment.updateDeployment({ ...blue, ...change });
    expect(await settledDeployment(deployment, blue)).toMatchObject({ provisioningState: 'Succeeded', error: null, ...change });
  }
  isOver = true;
  expect([...(await loaded).keys()].sort()).toEqual(['200 "one metre"', '200 "two metre"', '200 "two mile"']);
});

test('an update that fails leaves the script that was served, with its variables', async () => {
  const workspace = await openLocalWorkspace({ home: temporaryHome() });
  onTestFinished(() => workspace.close());
  const { deployment } = workspace;
  const model = await register(workspace, 'm', adder(1));
  await deployment.createEndpoint({ name: 'adder', authMode: 'none' });
  const blue = { endpointName: 'adder', name: 'blue' };
  const served = { codeConfiguration: await script(workspace, 'one'), environmentVariables: { UNIT: 'metre' } };
  await deployment.createDeployment({ ...blue, model, ...served });
  await settledDeployment(deployment, blue);
  const broken = { ...(await script(workspace, "';")), scoringScript: 'score.mjs' };
  await deployment.updateDeployment({ ...blue, codeConfiguration: broken, environmentVariables: { UNIT: 'mile' } });
  const settled = await settledDeployment(deployment, blue);
  expect(settled).toMatchObject({ provisioningState: 'Failed', error: expect.stringContaining('does not start'), ...served });
  const answer = await deployment.invoke({ name: 'adder', deploymentName: 'blue', body: '{}' });
  expect(answer).toMatchObject({ status: 200, body: '"one metre"' });
});
