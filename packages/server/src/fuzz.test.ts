/** Untrusted input on a real workspace: whatever is sent, the answer is in form and never a failure inside. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalWorkspace } from '@malachite/adapter-local';
import { type Operation, operations, otherFieldsIn, pathFields, type Workspace } from '@malachite/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from './server.ts';

const name = 'fuzzed';
let home: string;
let workspace: Workspace;
let server: Server;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'malachite-fuzz-'));
  workspace = await openLocalWorkspace({ home });
  server = await startServer({ workspace, port: 0 });
  // Something for the calls to find, so that they go further in than a NotFound.
  const { sha256 } = await workspace.datastore.put(ReadableStream.from([Buffer.from('a,b,y\n1,x,yes\n2,,no\n')]));
  await workspace.datasets.create({ name, files: [{ path: 'a.csv', sha256 }] });
  await workspace.models.create({ name, files: [{ path: 'model.pkl', sha256 }] });
  await workspace.compute.create({ name });
  const train = {
    type: 'automl',
    task: 'classification',
    targetColumnName: 'absent',
    trainingData: { path: `azureml:${name}:1` },
  } as const;
  await workspace.pipelines.publish({ name, pipeline: { jobs: { train } } });
  await workspace.deployment.createEndpoint({ name });
});
afterAll(async () => {
  await server.close();
  await workspace.close();
  await rm(home, { recursive: true, force: true });
});

/** Texts that something further in could trip over; none is a name under which an endpoint could be made. */
const texts = [
  '',
  'x',
  '1',
  '-1',
  '1e999',
  'NaN',
  'null',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  'C:\\windows',
  '%2e%2e%2f',
  'a\u0000b',
  '\ud800',
  '💥',
  'é'.repeat(300),
  'x'.repeat(5000),
  "'; DROP TABLE datasets; --",
  '${{parent.inputs.x}}',
  '${{parent.jobs.x.outputs.y}}',
  'azureml:x:1',
  'azureml://jobs/x/outputs/y',
  'runs:/x/../y',
  'SELECT * FROM data',
  'requests | where (((((',
  '0'.repeat(64),
];
const others: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  [],
  [[]],
  {},
  { path: '../x' },
  [{ path: '..', sha256: '0'.repeat(64) }],
  { jobs: {} },
];

const all = Object.entries(operations).flatMap(([port, methods]) =>
  Object.entries<Operation>(methods).map(([method, operation]) => ({ id: `${port}.${method}`, operation })),
);

describe('no input fails inside', () => {
  it.each(all)('$id', async ({ id, operation }) => {
    const random = generator(id);
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const { status, text, sent } = await send(
        operation,
        fuzzed(operation.input as Schema, random, 'input') as Record<string, unknown>,
      );
      // What Azure has and this workspace has not is said so, 501; nothing else fails.
      if (status !== 501) expect(status, `${sent}\n${text}`).toBeLessThan(500);
      const error = { code: expect.any(String), message: expect.stringMatching(/.{8}/) };
      if (status >= 400) expect(JSON.parse(text), sent).toEqual({ error });
    }
  });
});

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
};

/** A value that is mostly of its schema's form, and now and then of none. */
function fuzzed(schema: Schema, random: () => number, field: string): unknown {
  if (field !== 'input' && random() < 0.08) return pick(others, random);
  if (schema.enum) return pick([...schema.enum, 'none of them'], random);
  if (schema.anyOf) return fuzzed(pick(schema.anyOf, random), random, field);
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key) || random() < 0.4);
      const [free] = Object.values(schema.patternProperties ?? {});
      const given = free ? [['any', free] as const, [pick(texts, random), free] as const] : fields;
      const strays = random() < 0.05 ? { stray: 1 } : {};
      return { ...Object.fromEntries(given.map(([key, inner]) => [key, fuzzed(inner, random, key)])), ...strays };
    }
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => fuzzed(schema.items ?? {}, random, field));
    case 'integer':
    case 'number':
      return pick([0, 1, 2, 50, 100, -1, 1.5, 1e15], random);
    case 'boolean':
      return random() < 0.5;
    default:
      return /name$|^id$/i.test(field) && random() < 0.7 ? name : pick(texts, random);
  }
}

async function send(operation: Operation, input: Readonly<Record<string, unknown>>) {
  const inPath = pathFields(operation);
  const text = (value: unknown) =>
    encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => text(input[field]));
  const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !inPath.includes(field)));
  const inQuery = otherFieldsIn(operation) === 'query';
  const query = inQuery
    ? `?${Object.entries(rest)
        .map(([field, value]) => `${field}=${text(value)}`)
        .join('&')}`
    : '';
  const init = inQuery ? {} : { body: JSON.stringify(rest), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${server.url}/api/v1${path}${query}`, { method: operation.method, ...init });
  return { status: response.status, text: await response.text(), sent: `${operation.method} ${path}${query} ${init.body ?? ''}` };
}

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)] as T;

/** The same attempts every time: a generator (mulberry32) seeded by the operation's own name. */
function generator(name: string): () => number {
  let state = [...name].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
