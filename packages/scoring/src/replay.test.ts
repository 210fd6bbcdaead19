/**
 * Every recorded exchange of the real inference server, replayed on ours. An answer is `equal`, or `better` where the real one failed, hid
 * an error in a 200, or described an example row as "example_value"; anything else is `different` and needs its reason below.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from './model/load-model.ts';
import { type ScoringServer, startScoringServer } from './server.ts';
import { type Answer, type Exchange, headerFault, present, recorded, send, shared } from './test-recordings.ts';

/** A script that echoes its body has no counterpart in a server of models: only what concerns the server itself is compared here, the rest in scripts/. */
const ofTheServer = new Set([
  'health',
  'health head',
  'post root',
  'options',
  'options cors',
  'put',
  'delete',
  'patch',
  'head score',
  'unknown path',
  'score slash',
  'rid 101',
  'client 101',
  'rid on health',
  'swagger 9',
  'swagger x',
]);
/** The ids are compared on these although the script's answer is its own. */
const idsOnly = new Set(['rid', 'ms rid', 'client rid', 'all ids', 'ms and client', 'rid 100', 'trace']);

/** The real one failed (500), or hid an error in a 200, because of what the caller sent. */
function theirsFailed({ response }: Exchange): boolean {
  return response.status === 500 || (response.status === 200 && response.body.startsWith('"{\\"error\\"'));
}

/** The document without what ours says more of: categories, missing values, the example row, and v1's true answer type. */
function bareDocument(text: string): unknown {
  return JSON.parse(text, (key, value) => {
    if (key === 'example' || key === 'nullable' || key === 'x-nullable' || key === 'ServiceOutput') return undefined;
    if (key === 'type' && Array.isArray(value)) return value[0];
    if (key === 'description' && /^Known in training/.test(value)) return undefined;
    return value as unknown;
  });
}

function verdict(exchange: Exchange, ours: Answer): { verdict: 'equal' | 'better' | 'different'; why: string } {
  const { request, response } = exchange;
  if (theirsFailed(exchange)) {
    const message = ours.status === 400 ? (JSON.parse(ours.body) as { message: string }).message : '';
    if (message !== '') return { verdict: 'better', why: `${response.status} -> 400 ${message}` };
  }
  const fault = headerFault(exchange, ours);
  if (ours.status !== response.status)
    return { verdict: 'different', why: `status ${response.status} | ${ours.status} ${ours.body}` };
  if (fault !== undefined) return { verdict: 'different', why: fault };
  if (ours.body === response.body) return { verdict: 'equal', why: '' };
  if (request.path.startsWith('/swagger.json') && response.status === 200) {
    expect(bareDocument(ours.body)).toEqual(bareDocument(response.body));
    return { verdict: 'better', why: 'the document has a real example row, categories and the true answer type' };
  }
  return { verdict: 'different', why: `${response.body} | ${ours.body}` };
}

describe.skipIf(!present)('recorded exchanges (skipped without ../shared)', () => {
  const servers = new Map<string, ScoringServer>();

  beforeAll(async () => {
    const model = await loadModel(readFileSync(new URL('models/bankmarketing_votingensemble.onnx', shared)));
    const deployments = [{ name: 'default', model, traffic: 100 }];
    for (const form of ['v1', 'v2'] as const)
      servers.set(form, await startScoringServer({ port: 0, keys: null, deployments, form }));
  });
  afterAll(() => Promise.all([...servers.values()].map((server) => server.close())));

  it.each([
    ['automl-v1', 'v1'],
    ['automl-v2', 'v2'],
    ['plain-script', 'v1'],
  ] as const)('%s: none is answered differently', async (file, form) => {
    const tally = { equal: 0, better: 0, different: 0 };
    const lines: string[] = [];
    for (const exchange of recorded(file)) {
      const { name } = exchange.request;
      if (file === 'plain-script' && !ofTheServer.has(name)) continue;
      const ours = await send(servers.get(form) as ScoringServer, exchange.request);
      const result = verdict(exchange, ours);
      tally[result.verdict]++;
      if (result.verdict !== 'equal') lines.push(`  ${result.verdict} ${name}: ${result.why}`);
    }
    console.log(`${file}: ${tally.equal} equal, ${tally.better} better, ${tally.different} different\n${lines.join('\n')}`);
    expect(lines.filter((line) => line.startsWith('  different'))).toEqual([]);
    expect(tally.equal + tally.better).toBeGreaterThan(10);
  });

  it('plain-script: ids come back by the same rules, whatever the body', async () => {
    for (const exchange of recorded('plain-script').filter(({ request }) => idsOnly.has(request.name))) {
      const ours = await send(servers.get('v1') as ScoringServer, exchange.request);
      for (const id of ['x-request-id', 'x-ms-request-id', 'x-ms-client-request-id']) {
        const [expected, actual] = [exchange.response.headers[id], ours.headers[id]];
        if (/^[0-9a-f-]{36}$/.test(expected ?? '')) expect(actual).toMatch(/^[0-9a-f-]{36}$/);
        else expect({ name: exchange.request.name, id, actual }).toEqual({ name: exchange.request.name, id, actual: expected });
      }
    }
  });
});
