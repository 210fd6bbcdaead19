/** Bodies of every form, bent at random: whatever a caller sends, the answer is a 200 or a 400 that says why. Seeded, so a find repeats. */
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { expect, it } from 'vitest';
import { loadModel } from './model/load-model.ts';
import { startScoringServer } from './server.ts';

const REQUESTS = 2_000;

/** Mulberry32: the low bits of simpler generators repeat too soon to choose with. */
function chooser(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

const choose = chooser(20261123);
const pick = <T>(list: readonly T[]): T => list[choose(list.length)] as T;

const oddities: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  1.5,
  -1e308,
  1e25,
  2 ** 60,
  '',
  ' 41 ',
  'nan',
  'old',
  'é\ud800',
  '\u0000',
  'a'.repeat(3000),
  [],
  {},
  [[1]],
  { a: 1 },
];

/** A value of the column, now and then something else. */
const column = (plain: unknown): unknown => (choose(12) === 0 ? pick(oddities) : plain);

function row(): Record<string, unknown> {
  const values: Record<string, unknown> = { age: column(41), job: column('clerk'), 'emp.var.rate': column(1.1) };
  if (choose(20) === 0) delete values[pick(Object.keys(values))];
  if (choose(20) === 0)
    Object.defineProperty(values, pick(['__proto__', 'constructor', 'toString']), { value: 1, enumerable: true });
  return values;
}

const rows = (): unknown[] => Array.from({ length: choose(4) }, row);

const bodies: readonly (() => unknown)[] = [
  () => ({ data: rows() }),
  () => ({ data: rows(), method: pick(['predict_proba', ...oddities]) }),
  () => ({ data: pick(oddities) }),
  () => ({ Inputs: { data: rows() }, GlobalParameters: pick([{ method: 'predict_proba' }, ...oddities]) }),
  () => ({ Inputs: pick(oddities) }),
  () => ({ input_data: rows() }),
  () => ({ input_data: { columns: ['job', 'age', 'emp_var_rate'], data: rows().map((each) => Object.values(each as object)) } }),
  () => ({ input_data: { columns: pick(oddities), data: pick(oddities) } }),
  () => pick(oddities),
];

const scraps = ['', '"', '}', ']', ',', ':', 'NaN', '-', '\\', '[', '\u0001', '\ufeff'];

/** Cuts a little out of the text and puts something in its place. */
function bent(text: string): string {
  const at = choose(text.length + 1);
  return text.slice(0, at) + pick(scraps) + text.slice(at + choose(3));
}

function model(): Uint8Array {
  const graph = new GraphBuilder();
  const age = graph.node('Cast', [graph.input('age', 'int64', [null, 1])], { to: 1 });
  const job = graph.input('job', 'string', [null, 1]);
  const code = graph.node(
    'LabelEncoder',
    [job],
    { keys_strings: ['clerk'], values_floats: [1], default_float: 0 },
    { domain: 'ai.onnx.ml' },
  );
  graph.output(graph.node('Sum', [age, code, graph.input('emp_var_rate', 'float', [null, 1])]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel({ graphName: 'fuzzed', producerName: 'test', producerVersion: '1' }));
}

it(`answers ${REQUESTS} bent bodies with 200 or a reason`, async () => {
  const failures: string[] = [];
  const deployments = [{ name: 'blue', model: await loadModel(model()), traffic: 100 }];
  const server = await startScoringServer({ port: 0, keys: null, deployments, onLog: (line) => failures.push(line) });
  const seen = new Map<number, number>();
  for (let i = 0; i < REQUESTS; i++) {
    const text = JSON.stringify(pick(bodies)());
    const body = choose(8) === 0 ? bent(text) : text;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/score`, { method: 'POST', headers, body });
    const answer = await response.text();
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    const isReason = response.status === 400 && (JSON.parse(answer) as { message: string }).message.length < 600;
    if (response.status !== 200 && !isReason)
      failures.push(`${response.status} ${answer.slice(0, 200)} for ${body.slice(0, 200)}`);
  }
  await server.close();
  expect(failures).toEqual([]);
  // Both kinds must be there, or the bodies were bent too much or too little to try anything.
  expect([...seen.keys()].sort()).toEqual([200, 400]);
  expect(seen.get(200)).toBeGreaterThan(REQUESTS / 10);
});
