import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestAzure, type TestAzure } from '../test-azure.ts';
import { lookingBack } from './logs.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
});
afterAll(() => azure.close());

test('a query is answered as a table, whichever workspace or resource it names', async () => {
  const body = { query: 'requests | count', timespan: 'PT1H' };
  const table = { name: 'PrimaryResult', columns: [{ name: 'Count', type: 'long' }], rows: [[0]] };
  for (const path of ['/v1/workspaces/any/query', `/v1${azure.prefix}/query`]) {
    expect(await azure.ask('POST', path, { body })).toMatchObject({ status: 200, body: { tables: [table] } });
  }
});

test('one that is not understood, or is none, is refused with its reason', async () => {
  const ask = async (body: unknown) => azure.ask('POST', '/v1/workspaces/any/query', { body });
  expect(await ask({ query: 'requests | wherre x' })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('wherre') } },
  });
  expect(await ask({})).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('"query" is missing') } },
  });
  expect(await azure.ask('POST', '/v1/workspaces/any/query', { headers: {}, body: {} })).toMatchObject({ status: 401 });
  expect(await azure.ask('POST', `/v1${azure.prefix}/other`, { body: {} })).toMatchObject({ status: 501 });
});

test('an interval is looked at back from now; one that is over is refused', () => {
  const now = Date.parse('2026-01-02T00:00:00Z');
  expect(lookingBack(undefined, now)).toBeUndefined();
  expect(lookingBack('P1D', now)).toBe('P1D');
  expect(lookingBack('2026-01-01T23:00:00Z/2026-01-02T00:00:00Z', now)).toBe('PT1H');
  expect(lookingBack('PT5M/2026-01-02T00:00:00Z', now)).toBe('PT5M');
  expect(() => lookingBack('2026-01-01T00:00:00Z/2026-01-01T01:00:00Z', now)).toThrow(
    expect.objectContaining({ code: 'InvalidInput', message: expect.stringContaining('looks back from now') }),
  );
});
