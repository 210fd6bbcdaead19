import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { loadModel } from '../model/load-model.ts';
import { type ScoringServer, type ScoringServerOptions, startScoringServer } from '../server.ts';
import { adder, slowBytes } from '../test-models.ts';
import type { ServedDeployment } from './endpoint.ts';
import type { RequestRow } from './request-log.ts';
import { signToken } from './tokens.ts';

const open: ScoringServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(deployments: ServedDeployment[], options: Partial<ScoringServerOptions> = {}): Promise<ScoringServer> {
  const server = await startScoringServer({ port: 0, keys: null, gateway: true, deployments, ...options });
  open.push(server);
  return server;
}

function score(server: ScoringServer, x: number[], headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ Inputs: { data: x.map((value) => ({ x: value })) } }),
  });
}

const slowRows = Array.from({ length: 500 }, () => 1);

describe('the gateway', () => {
  it('answers 424 where the model’s side did not answer 200, and says what it answered', async () => {
    const rows: RequestRow[] = [];
    const server = await start([{ name: 'blue', traffic: 100, model: await adder(1) }], {
      onRequests: (each) => rows.push(...each),
    });
    const bad = await fetch(`${server.url}/score`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(bad.status).toBe(424);
    expect(bad.headers.get('ms-azureml-model-error-statuscode')).toBe('400');
    expect(bad.headers.get('ms-azureml-model-error-reason')).toBe('model_error');
    expect(await bad.json()).toEqual({ message: "A value is not provided for the 'data' parameter." });
    const wrongType = await fetch(`${server.url}/score`, { method: 'POST', body: '{}' });
    expect([wrongType.status, wrongType.headers.get('ms-azureml-model-error-statuscode')]).toEqual([424, '415']);
    expect((await score(server, [1])).headers.has('ms-azureml-model-error-statuscode')).toBe(false);
    await open.pop()?.close();
    expect(rows.map(({ status, modelStatus }) => [status, modelStatus])).toEqual([
      [424, 400],
      [424, 415],
      [200, 200],
    ]);
  });

  it('sets an x-request-id of its own, and cleans the client’s', async () => {
    const server = await start([{ name: 'blue', traffic: 100, model: await adder(1) }]);
    const { headers, status } = await score(server, [1], {
      'x-request-id': 'r'.repeat(101),
      'x-ms-client-request-id': `a b/c_d-${'e'.repeat(50)}`,
    });
    expect(status).toBe(200);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(headers.get('x-ms-client-request-id')).toBe(`abc_d-${'e'.repeat(34)}`);
  });

  it('answers 401 in Azure’s own word about keys, with the reason in the header; of tokens, when they expired', async () => {
    const model = await adder(1);
    const deployments = [{ name: 'blue', traffic: 100, model }];
    const server = await start(deployments, { keys: { primary: 'one', secondary: 'two' } });
    const asked = async (authorization: string): Promise<unknown[]> => {
      const answer = await score(server, [1], authorization === '' ? {} : { authorization });
      return [answer.status, answer.headers.get('content-type'), await answer.text(), answer.headers.get('www-authenticate')];
    };
    const because = (why: string): string => `Bearer error="invalid_token", error_description="Authentication failed: ${why}"`;
    const text = 'text/plain; charset=utf-8';
    const missing = because("no key in 'Authorization: Bearer <key>'.");
    expect(await asked('')).toEqual([401, text, 'key_auth_bad_header_forbidden', missing]);
    expect(await asked('Basic one')).toEqual([401, text, 'key_auth_bad_header_forbidden', missing]);
    expect(await asked('Bearer three')).toEqual([
      401,
      text,
      'key_auth_access_denied',
      because('the key is none of this endpoint.'),
    ]);

    const secret = { secret: 's', endpoint: 'bank' };
    await server.update({ deployments, keys: secret });
    const expired = signToken(secret, { issued: 0, expires: 1_700_000_000 });
    const [, , body] = await asked(`Bearer ${expired}`);
    expect(JSON.parse(String(body))).toEqual({
      message: 'Authentication failed: the token expired at 2023-11-14T22:13:20.000Z; ask for another.',
    });
    const foreign = signToken({ ...secret, secret: 'another' }, { issued: 0, expires: 1_700_000_000 });
    expect(String((await asked(`Bearer ${foreign}`))[2])).toContain('the token is not one of this endpoint');
  });

  it('answers 408 past request_timeout_ms, and goes on', async () => {
    const model = await loadModel(slowBytes());
    const server = await start([{ name: 'blue', traffic: 100, model, requestTimeoutMs: 50 }]);
    const late = await score(server, slowRows);
    expect(late.status).toBe(408);
    expect(await late.text()).toContain('50 ms');
    // The work that nobody waits for still uses the model: an update waits for it.
    await server.update({ keys: null, deployments: [{ name: 'blue', traffic: 100, model }] });
    expect(await (await score(server, [3])).json()).toEqual({ Results: [3] });
  });

  it('takes 2 x max_concurrent_requests_per_instance x instance_count, and answers 429 beyond', async () => {
    const server = await start([{ name: 'blue', traffic: 100, model: await adder(1), maxConcurrentRequestsPerInstance: 1 }]);
    const body = '{"Inputs": {"data": [{"x": 1}]}}';
    const request = `POST /score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    // Pipelined on one connection, all five are there before the first is answered.
    const socket = connect(server.port, '127.0.0.1');
    socket.write(request.repeat(5));
    const statuses: string[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      statuses.push(
        ...chunk
          .toString()
          .matchAll(/HTTP\/1\.1 (\d+)/g)
          .map(([, status = '']) => status),
      );
      if (statuses.length === 5) break;
    }
    expect(statuses).toEqual(['200', '200', '429', '429', '429']);
    expect((await score(server, [1])).status).toBe(200);
  });
});
