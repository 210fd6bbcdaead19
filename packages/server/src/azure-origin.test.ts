import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTokens } from './identity/tokens.ts';
import { startTestAzure, type TestAzure } from './test-azure.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

const code = (body: unknown) => (body as { error?: { code?: string } }).error?.code;

describe('before a token', () => {
  it('says which cloud this is, as an array, and where its data plane is', async () => {
    const metadata = await azure.ask('GET', '/metadata/endpoints?api-version=2019-05-01', { headers: {} });
    expect(metadata.body).toMatchObject([
      { name: 'Malachite', resourceManager: `${azure.origin.url}/`, authentication: { loginEndpoint: 'https://localhost/' } },
    ]);
    expect((await azure.ask('GET', '/discovery', { headers: {} })).body).toEqual({ api: azure.origin.url });
  });

  it('gives tokens to whoever has the identity secret, and to nobody else', async () => {
    const ask = (secret: string) =>
      azure.ask('GET', '/msi/token?resource=https://x', { headers: { 'x-identity-header': secret } });
    expect((await ask('wrong')).status).toBe(401);
    expect((await ask(azure.origin.identitySecret)).body).toMatchObject({ token_type: 'Bearer', resource: 'https://x' });
  });
});

describe('every other address', () => {
  it('answers 401 with an ARM error without a token, or with one that is expired, foreign or for another audience', async () => {
    const path = `${azure.prefix}?api-version=2024-10-01-preview`;
    const expired = await openTokens(
      join(dirname(azure.origin.caFile), '..', 'identity'),
      () => new Date(Date.now() - 86_400_000),
    );
    const tokens = ['', 'abc', await azure.token('https://vault'), (await expired.issue(azure.origin.url)).accessToken];
    for (const token of tokens) {
      const { status, headers, body } = await azure.ask('GET', path, {
        headers: token ? { authorization: `Bearer ${token}` } : {},
      });
      expect([status, code(body)]).toEqual([401, 'InvalidAuthenticationToken']);
      expect(headers['www-authenticate']).toMatch(/^Bearer/);
    }
    expect((await azure.ask('GET', '/subscriptions/x/nowhere', { headers: {} })).status).toBe(401);
    expect((await azure.ask('GET', path)).status).toBe(200);
  });

  it('answers 501 where Azure has something and Malachite does not, never a 404 that steers a client', async () => {
    const { status, body } = await azure.ask('GET', `${azure.prefix}/serverlessEndpoints/x`);
    expect([status, code(body)]).toEqual([501, 'NotEmulated']);
    expect(JSON.stringify(body)).toContain('coverage');
  });

  it('refuses odd names, huge names and broken JSON with a sentence', async () => {
    const odd = ['..', '%2e%2e%2f', 'a%2fb', '%00', '💥', 'x'.repeat(1_000)];
    for (const name of odd) {
      const { status } = await azure.ask('PUT', `${azure.prefix}/computes/${encodeURI(name)}`, { body: { properties: {} } });
      expect(status, name.slice(0, 10)).toBeGreaterThanOrEqual(400);
      expect(status, name.slice(0, 10)).toBeLessThan(502);
      expect(status).not.toBe(500);
    }
    const broken = await azure.ask('PUT', `${azure.prefix}/computes/c1`, {
      headers: { authorization: `Bearer ${await azure.token()}`, 'content-type': 'application/json' },
      body: '{"properties": ',
    });
    expect([broken.status, code(broken.body)]).toEqual([400, 'UserError']);
  });
});

describe('the workspace', () => {
  it('answers under whatever names the program has, and in any case', async () => {
    const { body } = await azure.ask('GET', azure.prefix.replace('resourceGroups', 'resourcegroups'));
    expect(body).toMatchObject({ id: azure.prefix, name: 'Ws', properties: { discoveryUrl: `${azure.origin.url}/discovery` } });
  });
});

describe('compute', () => {
  it('is created, kept with the fields Malachite has no use for, scaled, listed and deleted', async () => {
    const path = `${azure.prefix}/computes/cpu-cluster`;
    const sent = {
      location: 'local',
      properties: {
        computeType: 'AmlCompute',
        disableLocalAuth: true,
        properties: {
          vmSize: 'Standard_DS3_v2',
          scaleSettings: { minNodeCount: 0, maxNodeCount: 2, nodeIdleTimeBeforeScaleDown: 'PT2M' },
          osType: 'Linux',
        },
      },
    };
    expect((await azure.ask('PUT', path, { body: sent })).status).toBe(201);
    expect((await azure.ask('GET', path.toUpperCase().replace('CPU-CLUSTER', 'cpu-cluster'))).body).toMatchObject({
      name: 'cpu-cluster',
      type: 'Microsoft.MachineLearningServices/workspaces/computes',
      properties: {
        provisioningState: 'Succeeded',
        disableLocalAuth: true,
        properties: {
          vmSize: 'STANDARD_DS3_V2',
          osType: 'Linux',
          scaleSettings: { minNodeCount: 0, maxNodeCount: 2, nodeIdleTimeBeforeScaleDown: 'PT2M' },
        },
      },
    });
    expect(await azure.workspace.compute.get({ name: 'cpu-cluster' })).toMatchObject({
      maxInstances: 2,
      idleTimeBeforeScaleDown: 120,
    });
    const patch = { properties: { properties: { scaleSettings: { maxNodeCount: 3 } } } };
    expect((await azure.ask('PATCH', path, { body: patch })).body).toMatchObject({
      properties: { properties: { scaleSettings: { maxNodeCount: 3 } } },
    });
    expect((await azure.ask('GET', `${azure.prefix}/computes`)).body).toMatchObject({ value: [{ name: 'cpu-cluster' }] });
    expect((await azure.ask('DELETE', `${path}?underlyingResourceAction=Delete`)).status).toBe(200);
    expect((await azure.ask('DELETE', path)).status).toBe(204);
    expect(code((await azure.ask('GET', path)).body)).toBe('ResourceNotFound');
  });

  it('refuses what it has no machine for', async () => {
    const body = { properties: { computeType: 'ComputeInstance' } };
    expect(code((await azure.ask('PUT', `${azure.prefix}/computes/ci`, { body })).body)).toBe('NotEmulated');
  });
});
