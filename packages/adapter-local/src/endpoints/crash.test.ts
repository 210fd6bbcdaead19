/** The process of an endpoint ends, by itself or because it is asked to; and what the logs say of keys meanwhile. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { settledDeployment, type Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { adder, register } from '../test-models.ts';
import { openLocalWorkspace } from '../workspace.ts';

const connections = 16;
const body = '{"Inputs": {"data": [{"x": 1}]}}';
const blue = { endpointName: 'adder', name: 'blue' };

async function served(home: string): Promise<{ workspace: Workspace; scoringUri: string; key: string }> {
  const workspace = await openLocalWorkspace({ home });
  onTestFinished(() => workspace.close());
  const { deployment } = workspace;
  const { scoringUri } = await deployment.createEndpoint({ name: 'adder' });
  await deployment.createDeployment({ ...blue, model: await register(workspace, 'm', adder(1)) });
  expect(await settledDeployment(deployment, blue)).toMatchObject({ provisioningState: 'Succeeded' });
  await deployment.updateEndpoint({ name: 'adder', traffic: { blue: 100 } });
  const { primaryKey } = await deployment.keys({ name: 'adder' });
  return { workspace, scoringUri, key: primaryKey };
}

/** The process that serves now: the number in brackets where the log tells that it has the model. */
async function hostPid({ deployment }: Workspace): Promise<number> {
  const { lines } = await deployment.logs({ ...blue, lines: 10_000 });
  return Number(lines.findLast((line) => line.includes('Model loaded'))?.match(/\[(\d+)\]/)?.[1]);
}

type Answer = { readonly status: number | string; readonly text: string; readonly retryAfter: string | undefined };

function ask(uri: string, key: string, agent: Agent): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return new Promise((resolve) => {
    const sent = request(uri, { method: 'POST', agent, headers }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text, retryAfter: answer.headers['retry-after'] });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ status: error.code ?? '', text: '', retryAfter: undefined }));
    sent.end(body);
  });
}

test.each(['SIGKILL', 'SIGSEGV'] as const)(
  'a host that ends by %s under load: only what was with it fails, with 503 and the reason; nobody is refused a connection',
  async (signal) => {
    const { workspace, scoringUri, key } = await served(temporaryHome());
    const pid = await hostPid(workspace);
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    onTestFinished(() => agent.destroy());
    const refused: Answer[] = [];
    let answeredAfter = 0;
    let isKilled = false;
    const client = async (): Promise<void> => {
      while (answeredAfter < 50 * connections) {
        const answer = await ask(scoringUri, key, agent);
        if (answer.status !== 200) refused.push(answer);
        else if (isKilled) answeredAfter++;
      }
    };
    const clients = Array.from({ length: connections }, client);
    await ask(scoringUri, key, agent);
    process.kill(pid, signal);
    isKilled = true;
    await Promise.all(clients);
    expect(refused.length).toBeLessThanOrEqual(connections);
    for (const answer of refused) {
      expect(answer).toEqual({
        status: 503,
        text: expect.stringContaining(`was killed (${signal}); it is started again. Send the request again.`),
        retryAfter: '1',
      });
    }
    expect(await hostPid(workspace)).not.toBe(pid);
  },
);

test('no key and no token is in any log, whatever is asked with them and whatever breaks', async () => {
  const home = temporaryHome();
  const { workspace, scoringUri, key } = await served(home);
  const { deployment } = workspace;
  const agent = new Agent();
  await deployment.createEndpoint({ name: 'tokens', authMode: 'aml_token' });
  const { accessToken } = await deployment.token({ name: 'tokens' });
  const { secondaryKey } = await deployment.regenerateKey({ name: 'adder', keyType: 'secondary' });
  expect((await ask(scoringUri, key, agent)).status).toBe(200);
  expect((await ask(scoringUri, `${key}${accessToken}`, agent)).status).toBe(401);
  process.kill(await hostPid(workspace), 'SIGABRT');
  await expect.poll(async () => (await ask(scoringUri, secondaryKey, agent)).status, { timeout: 30_000 }).toBe(200);
  await workspace.close();
  const files = readdirSync(join(home, 'logs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const text = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n');
  expect(text).toContain('POST /score 200');
  for (const secret of [key, secondaryKey, accessToken]) expect(text).not.toContain(secret);
});

test('an endpoint that is deleted, and a workspace that closes, answer what they have been asked', async () => {
  const workspace = await openLocalWorkspace({ home: temporaryHome() });
  onTestFinished(() => workspace.close());
  const { deployment, datastore } = workspace;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(
      'export const init = () => {};\nexport const run = async () => {\n  console.log("running");\n  await new Promise((done) => setTimeout(done, 500));\n  return "done";\n};\n',
    );
  }
  const files = [{ path: 'score.mjs', ...(await datastore.put(bytes())) }];
  const model = await register(workspace, 'm', adder(1));
  const inFlight = async (endpointName: string): Promise<{ answer: Promise<Answer> }> => {
    const { scoringUri } = await deployment.createEndpoint({ name: endpointName, authMode: 'none' });
    const which = { endpointName, name: 'blue' };
    await deployment.createDeployment({ ...which, model, codeConfiguration: { scoringScript: 'score.mjs', files } });
    expect(await settledDeployment(deployment, which)).toMatchObject({ provisioningState: 'Succeeded', error: null });
    await deployment.updateEndpoint({ name: endpointName, traffic: { blue: 100 } });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const answer = ask(scoringUri, '', agent);
    const log = async () => (await deployment.logs(which)).lines.join('\n');
    await expect.poll(log, { timeout: 30_000 }).toContain('running');
    return { answer };
  };
  const done = { status: 200, text: '"done"' };
  const ofDeleted = await inFlight('deleted');
  await deployment.deleteEndpoint({ name: 'deleted' });
  expect(await ofDeleted.answer).toMatchObject(done);
  const ofClosed = await inFlight('closed');
  await workspace.close();
  expect(await ofClosed.answer).toMatchObject(done);
});
