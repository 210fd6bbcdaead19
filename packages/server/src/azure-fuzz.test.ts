/** Strangers and nonsense at every address of the Azure origin. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestAzure, type TestAzure } from './test-azure.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

const code = (body: unknown) => (body as { error?: { code?: string } } | null)?.error?.code;
/** A name for every parameter of a route. */
const filled = (url: string, name: string): string => url.replaceAll(/:\w+|\*/g, encodeURIComponent(name));
const isOpen = (url: string): boolean => ['/metadata/endpoints', '/discovery'].includes(url);
/** An address of artifacts that names nothing carries no permission to look at. */
const isNowhere = (url: string): boolean => url.includes('/mlflow-artifacts/');

describe('every route', () => {
  it('is closed to whoever has no token, another one, or a foreign signature', async () => {
    const foreign = await azure.token('https://vault.malachite.local');
    const tokens: Record<string, string>[] = [{}, { authorization: 'Bearer x.y.z' }, { authorization: `Bearer ${foreign}` }];
    expect(azure.origin.routes.length).toBeGreaterThan(150);
    for (const { method, url } of azure.origin.routes) {
      if (isOpen(url)) continue;
      for (const headers of tokens) {
        const { status, body } = await azure.ask(method, filled(url, 'name'), { headers });
        expect(isNowhere(url) ? [400, 401] : [401, 403], `${method} ${url}: ${status} ${JSON.stringify(body)}`).toContain(status);
      }
    }
  });

  it('is closed to a page of another site, and to a name that only looks like this machine', async () => {
    const authorization = `Bearer ${await azure.token()}`;
    const rebound = await azure.ask('GET', azure.prefix, { headers: { authorization, host: 'malachite.example:10143' } });
    expect(rebound.status).toBe(421);
    const secret = { 'x-identity-header': azure.origin.identitySecret, host: 'malachite.example' };
    expect((await azure.ask('GET', '/msi/token?resource=https://x', { headers: secret })).status).toBe(421);
    const foreign = { authorization, origin: 'https://evil.example' };
    expect((await azure.ask('PUT', `${azure.prefix}/computes/c`, { headers: foreign, body: {} })).status).toBe(403);
  });

  it('answers bodies of every wrong kind with a sentence, never with a failure inside', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`) as object;
    const values: unknown[] = [null, 7, 'text', true, [], [[]], {}, deep, '\u0000', 'x'.repeat(5000), 1e308, -1];
    const fields =
      'properties,tags,sku,location,identity,runId,values,keyType,tail,traffic,experiment_id,run_id,name,key,filter,params,metrics';
    const inner =
      'dataUri,dataType,modelUri,modelType,computeType,properties,jobType,taskDetails,computeId,model,codeConfiguration,requestSettings,' +
      'livenessProbe,traffic,mirrorTraffic,authMode,isArchived,description,tags,environmentVariables,instanceType,credentials,image';
    const bodies = values.flatMap((value) => [
      value,
      Object.fromEntries(fields.split(',').map((name) => [name, value])),
      { properties: Object.fromEntries(inner.split(',').map((name) => [name, value])) },
      { properties: { jobType: 'AutoML', taskDetails: { taskType: value, trainingData: value, targetColumnName: value } } },
    ]);
    const changing = azure.origin.routes.filter(({ method }) => ['PUT', 'POST', 'PATCH'].includes(method));
    const authorization = `Bearer ${await azure.token()}`;
    const failed: string[] = [];
    for (const { method, url } of changing) {
      for (const [index, body] of bodies.entries()) {
        const path = filled(url, `n${index}`);
        const headers = { authorization, 'content-type': 'application/json' };
        const answer = await azure.ask(method, path, { headers, body: JSON.stringify(body) });
        if (answer.status >= 500 && answer.status !== 501) {
          failed.push(`${answer.status} ${method} ${url} ${JSON.stringify(body).slice(0, 200)}`);
          break;
        }
      }
    }
    expect(failed).toEqual([]);
  }, 180_000);

  it('answers odd names and queries with a sentence', async () => {
    const names = [
      '..',
      '../../x',
      '%2e%2e',
      'a/b',
      '\u0000',
      'ünïcødé',
      '💥',
      ' ',
      '-',
      '.',
      'con',
      "'; drop table jobs; --",
      'x'.repeat(900),
    ];
    const authorization = `Bearer ${await azure.token()}`;
    const failed: string[] = [];
    for (const { method, url } of azure.origin.routes) {
      if (method === 'DELETE' && url.endsWith('/workspaces/:workspaceName')) continue;
      for (const name of names) {
        const query = '?$top=-1&$skip=x&count=1e9&listViewType=none&path=../../x&api-version=';
        const { status } = await azure.ask(method, filled(url, name) + query, { headers: { authorization } });
        if (status >= 500 && status !== 501) failed.push(`${status} ${method} ${url} ${name.slice(0, 20)}`);
      }
    }
    expect(failed).toEqual([]);
  }, 180_000);

  it('refuses a name of a megabyte, and a body larger than JSON may be', async () => {
    const long = await azure.ask('GET', `${azure.prefix}/jobs/${'x'.repeat(1 << 20)}`).catch((error: { code?: string }) => error);
    expect('status' in long ? long.status : 431).toBeGreaterThanOrEqual(400);
    const body = { properties: { description: 'x'.repeat(17 << 20) } };
    const large = await azure.ask('PUT', `${azure.prefix}/computes/c`, { body }).catch((error: { code?: string }) => error);
    if ('status' in large) expect([large.status, code(large.body)]).toEqual([413, 'RequestEntityTooLarge']);
    expect((await azure.ask('GET', azure.prefix)).status).toBe(200);
  });
});
