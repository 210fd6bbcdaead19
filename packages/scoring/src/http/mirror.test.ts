import { afterEach, expect, it } from 'vitest';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { adder } from '../test-models.ts';
import type { RequestRow } from './request-log.ts';

const open: ScoringServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

it('a share of the requests goes to the mirror as well, which never changes an answer, also when it fails', async () => {
  const rows: RequestRow[] = [];
  const broken = await adder(100, 'y');
  const [blue, green] = [await adder(1), await adder(10)];
  const state = (model: typeof green) => ({
    keys: null,
    deployments: [
      { name: 'blue', model: blue, traffic: 100 },
      { name: 'green', model, traffic: 0 },
    ],
    mirrorTraffic: { green: 20 },
  });
  const server = await startScoringServer({ port: 0, gateway: true, onRequests: (each) => rows.push(...each), ...state(green) });
  open.push(server);
  const ask = async (headers: Record<string, string> = {}): Promise<unknown> => {
    const body = '{"Inputs": {"data": [{"x": 1}]}}';
    const answer = await fetch(`${server.url}/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return ((await answer.json()) as { Results: unknown[] }).Results[0];
  };
  for (let i = 0; i < 10; i++) expect(await ask()).toBe(2);
  for (let i = 0; i < 10; i++) expect(await ask({ 'azureml-model-deployment': 'blue' })).toBe(2);
  await server.update(state(broken));
  for (let i = 0; i < 10; i++) expect(await ask()).toBe(2);
  await open.pop()?.close();
  const counted = (name: string, status: number): number =>
    rows.filter((row) => row.deployment === name && row.status === status).length;
  expect([counted('blue', 200), counted('green', 200), counted('green', 424)]).toEqual([30, 2, 2]);
});
