import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { adder } from '../test-models.ts';

let server: ScoringServer;
const deployments = async () => [{ name: 'blue', model: await adder(1), traffic: 100 }];
beforeAll(async () => {
  const keys = { primary: 'one', secondary: '' };
  server = await startScoringServer({
    port: 0,
    keys,
    corsOrigins: 'https://a.example, https://b.example',
    deployments: await deployments(),
  });
});
afterAll(() => server.close());

const score = (headers: Record<string, string> = {}) =>
  fetch(`${server.url}/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer one', ...headers },
    body: '{"Inputs": {"data": [{"x": 1}, {"x": 2}]}}',
  });

it('metrics count requests by route, status and deployment under OpenTelemetry’s names, and ask for no key', async () => {
  for (let i = 0; i < 3; i++) await (await score()).text();
  await fetch(`${server.url}/score`, { method: 'POST' });
  await fetch(`${server.url}/made-up-${Math.PI}`);
  const answer = await fetch(`${server.url}/metrics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const text = await answer.text();
  const served = 'http_request_method="POST",http_route="/score",http_response_status_code="200",azureml_deployment="blue"';
  expect(text).toContain(`http_server_request_duration_seconds_count{${served}} 3\n`);
  expect(text).toContain(`http_server_request_duration_seconds_bucket{${served},le="+Inf"} 3\n`);
  expect(text).toContain('http_route="/score",http_response_status_code="401",azureml_deployment=""');
  expect(text).toContain('http_route="",http_response_status_code="404"');
  expect(text).not.toContain('made-up');
  expect(text).toContain('malachite_scoring_model_info{azureml_deployment="blue",evaluation="compiled (proved on 320 rows');
  expect(text).toContain('malachite_scoring_rows_total{azureml_deployment="blue"} 6\n');
  expect(text).toContain('http_server_active_requests{azureml_deployment="blue"} 0\n');
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]*\})? [\d.e+-]+)$/);
});

it('probes ask for no key; readiness tells whether a deployment has traffic', async () => {
  const status = async (path: string) => (await fetch(server.url + path)).status;
  expect(await Promise.all(['/', '/ping', '/health', '/v2/health/live', '/v2/health/ready'].map(status))).toEqual([
    200, 200, 200, 200, 200,
  ]);
  await server.update({ keys: null, deployments: [] });
  expect([await status('/v2/health/live'), await status('/v2/health/ready')]).toEqual([200, 503]);
  await server.update({ keys: { primary: 'one', secondary: '' }, deployments: await deployments() });
});

it('only the origins that are allowed are told so, in the answer and before it', async () => {
  const origin = async (name: string) => (await score({ origin: name })).headers.get('access-control-allow-origin');
  expect([await origin('https://b.example'), await origin('https://c.example')]).toEqual(['https://b.example', null]);
  const preflight = await fetch(`${server.url}/score`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://a.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(200);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
});
