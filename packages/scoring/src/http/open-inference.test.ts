import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { adder } from '../test-models.ts';

let server: ScoringServer;
beforeAll(async () => {
  server = await startScoringServer({
    port: 0,
    keys: { primary: 'one', secondary: '' },
    serviceName: 'bank',
    deployments: [
      { name: 'blue', model: await adder(1), traffic: 100 },
      { name: 'green', model: await adder(10), traffic: 0 },
    ],
  });
});
afterAll(() => server.close());

async function ask(path: string, body?: unknown, key: string | undefined = 'one'): Promise<{ status: number; text: string }> {
  const headers = key === '' ? {} : { authorization: `Bearer ${key}` };
  const init = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(server.url + path, init);
  return { status: response.status, text: await response.text() };
}

const input = { name: 'x', shape: [2, 1], datatype: 'FP32', data: [1, 2.5] };

describe('the Open Inference Protocol', () => {
  it('answers tensors for tensors, from the endpoint and from each of its deployments', async () => {
    const { status, text } = await ask('/v2/models/bank/infer', { id: '7', inputs: [input] });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      model_name: 'bank',
      model_version: '1',
      id: '7',
      outputs: [{ name: 'variable', datatype: 'FP32', shape: [2, 1], data: [2, 3.5] }],
    });
    const nested = await ask('/v2/models/green/infer', { inputs: [{ ...input, data: [[1], [2.5]] }] });
    expect(JSON.parse(nested.text).outputs[0].data).toEqual([11, 12.5]);
  });

  it('describes server and models', async () => {
    expect(JSON.parse((await ask('/v2')).text)).toMatchObject({ name: 'malachite', extensions: ['binary_tensor_data'] });
    expect(JSON.parse((await ask('/v2/models/bank')).text)).toEqual({
      name: 'bank',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
      outputs: [{ name: 'variable', datatype: 'FP32', shape: [-1, 1] }],
    });
  });

  it.each<[string, string, unknown, number, RegExp]>([
    ['a model that is not there', '/v2/models/red/infer', { inputs: [input] }, 404, /"red" is not known.*bank, blue, green/],
    ['no inputs', '/v2/models/bank/infer', {}, 400, /"inputs" should be a list/],
    ['a missing input', '/v2/models/bank/infer', { inputs: [{ ...input, name: 'y' }] }, 400, /"x" is missing/],
    [
      'a shape that lies',
      '/v2/models/bank/infer',
      { inputs: [{ ...input, shape: [3, 1] }] },
      400,
      /2 values, and its shape \[3, 1\] 3/,
    ],
    ['a text for a number', '/v2/models/bank/infer', { inputs: [{ ...input, data: [1, 'b'] }] }, 400, /Row 1, column "x"/],
    ['an output that is not there', '/v2/models/bank/infer', { inputs: [input], outputs: [{ name: 'z' }] }, 400, /no output "z"/],
    ['no object', '/v2/models/bank/infer', [1], 400, /JSON object/],
  ])('refuses %s in its own words', async (_, path, body, status, words) => {
    const answer = await ask(path, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error).toMatch(words);
  });

  it('asks for the key everywhere but on health and readiness', async () => {
    const statuses = async (paths: string[]) => Promise.all(paths.map(async (path) => (await ask(path, undefined, '')).status));
    expect(await statuses(['/v2/health/live', '/v2/health/ready', '/v2/models/bank/ready', '/v2/models/red/ready'])).toEqual([
      200, 200, 200, 404,
    ]);
    expect(await statuses(['/v2', '/v2/models/bank'])).toEqual([401, 401]);
    expect((await ask('/v2/models/bank/infer', { inputs: [input] }, '')).status).toBe(401);
  });
});
