/** Bodies that are too large, too deep or too odd: answered with what is wrong, in bounded memory, while others are served. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, served } from './served.ts';

let server: Served;
beforeAll(async () => {
  server = await served();
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(
  path: string,
  body: string | Buffer<ArrayBuffer> | ReadableStream,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  return { status: response.status, text: await response.text() };
}

const infer = '/v2/models/attacked/infer';
const row = '{"int64": 1, "int32": 1, "double": 1, "emp_var_rate": 1, "bool": true, "job": "clerk"}';
const sum = (...answers: readonly string[]): string => JSON.stringify(`{"result": [${answers.join(', ')}]}`);
/** The row with one value written otherwise. */
const with_ = (column: string, value: string): string => {
  const columns = Object.entries(JSON.parse(row) as object).map(([name, plain]) => [name, JSON.stringify(plain)]);
  return `{"data": [{${columns.map(([name, plain]) => `"${name}": ${name === column ? value : plain}`).join(', ')}}]}`;
};

describe('size', () => {
  it('a body of 101 MB is refused, by its length and by what comes', async () => {
    const before = server.memory();
    const size = 101 * 1024 * 1024;
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    let sent = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (sent++ < 101) controller.enqueue(chunk);
        else controller.close();
      },
    });
    // A server that refuses may close before all was sent: then there is no answer to read.
    const refused = (error: unknown): Answer => ({ status: 413, text: String(error) });
    expect((await post('/score', Buffer.alloc(size, ' ')).catch(refused)).status).toBe(413);
    expect((await post('/score', stream).catch(refused)).status).toBe(413);
    expect((await post('/score', `{"data": [${row}]}`)).text).toBe(sum('6.0'));
    expect(server.memory() - before).toBeLessThan(250);
  });

  it('a million rows are answered, and a probe meanwhile', async () => {
    const data = Array.from({ length: 1_000_000 }, (_, i) => `[${i % 1000},1,1,1,true,"clerk"]`).join(',');
    const columns = JSON.stringify(['int64', 'int32', 'double', 'emp_var_rate', 'bool', 'job']);
    const [answer, probe] = await Promise.all([
      post('/score', `{"input_data": {"columns": ${columns}, "data": [${data}]}}`),
      fetch(`${server.url}/health`),
    ]);
    expect(probe.status).toBe(200);
    expect(answer.status).toBe(200);
    const values = JSON.parse(answer.text) as number[];
    expect(values).toHaveLength(1_000_000);
    expect([values[0], values[999], values[999_999]]).toEqual([5, 1004, 1004]);
  });

  it('packed bodies are not unpacked: a bomb is bytes that are no JSON', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, '['));
    const before = server.memory();
    for (const coding of ['gzip', 'deflate', 'br', 'zstd', 'identity']) {
      expect((await post('/score', bomb, { 'content-encoding': coding })).status).toBe(400);
    }
    expect(server.memory() - before).toBeLessThan(100);
  });
});

describe('depth', () => {
  const deep = (open: string, close: string, levels = 100_000): string => open.repeat(levels) + close.repeat(levels);
  it.each<[string, string, string]>([
    ['lists', '/score', deep('[', ']')],
    ['lists that never end', '/score', '['.repeat(100_000)],
    ['objects', '/score', deep('{"a":', '}').replace('}', '1}')],
    ['data', '/score', `{"data": ${deep('[', ']')}}`],
    ['a row', '/score', `{"data": [{"int64": ${deep('[', ']')}}]}`],
    ['a value', '/score', with_('int64', deep('[', ']'))],
    ['a value of objects', '/score', with_('job', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)],
    ['the method', '/score', `{"data": [${row}], "method": ${deep('[', ']')}}`],
    ['a column', '/score', `{"input_data": {"int64": ${deep('[', ']')}}}`],
    ['columns', '/score', `{"input_data": {"columns": ${deep('[', ']')}, "data": [[1]]}}`],
    ['Inputs', '/score', `{"Inputs": ${deep('[', ']')}}`],
    ['instances', '/invocations', `{"instances": ${deep('[', ']')}}`],
    ['inputs', '/invocations', `{"inputs": ${deep('[', ']')}}`],
    ['a tensor', infer, `{"inputs": [{"name": "int64", "shape": [1, 1], "datatype": "INT64", "data": ${deep('[', ']')}}]}`],
    ['a shape', infer, `{"inputs": [{"name": "int64", "shape": ${deep('[', ']')}, "datatype": "INT64", "data": [1]}]}`],
    ['outputs', infer, `{"inputs": [], "outputs": ${deep('[', ']')}}`],
    ["an output's name", infer, `{"inputs": [], "outputs": [{"name": ${deep('[', ']')}}]}`],
    ['Python numbers within', '/score', `{"data": ${deep('[', ']').replace('[]', '[NaN]')}}`],
  ])('%s, a hundred thousand levels', async (_, path, body) => {
    const { status, text } = await post(path, body);
    expect([200, 400], text.slice(0, 300)).toContain(status);
    expect(text.length).toBeLessThan(1_000);
    expect(server.isAlive()).toBe(true);
  });
});

describe('oddities', () => {
  it.each<[string, string, string | RegExp]>([
    ['NaN', with_('double', 'NaN'), sum('NaN')],
    ['Infinity', with_('double', 'Infinity'), sum('Infinity')],
    ['an integer that is NaN', with_('int64', 'NaN'), /"int64\\": expected an integer/],
    ['an integer that is missing', with_('int64', 'null'), /expected an integer, got null/],
    ['a number beyond all numbers', with_('double', '1e999'), sum('Infinity')],
    ['an integer beyond 64 bits', with_('int64', '9223372036854775808'), /expected an integer/],
    ['a lone surrogate', with_('job', '"\\ud800"'), sum('5.0')],
    ['a text of zeros', with_('job', '"\\u0000\\u0000"'), sum('5.0')],
    ['a key twice: the last counts', `{"data": [], "data": [${row}]}`, sum('6.0')],
    ['a value twice: the last counts', `{"data": [${row.replace('{', '{"int64": 7, ')}]}`, sum('6.0')],
    ['a prototype as a row', `{"data": [{"__proto__": ${row}}]}`, /has no column/],
    ['a prototype beside a row', `{"data": [${row.replace('{', '{"__proto__": {"int64": 9}, "constructor": 1, ')}]}`, sum('6.0')],
    ['a prototype as the body', `{"__proto__": {"data": [${row}]}}`, /is not provided for the 'data' parameter/],
    ['a constructor as data', '{"data": {"constructor": {"prototype": {"x": 1}}}}', /should be a list/],
    ['a byte order mark', `\ufeff{"data": [${row}]}`, /BOM/],
    ['nothing', ' ', /could not be decoded as JSON/],
    ['a single quote', "{'data': []}", /could not be decoded as JSON/],
    ['a comma at the end', `{"data": [${row},]}`, /could not be decoded as JSON/],
    ['no rows', '{"data": []}', /no rows/],
  ])('%s', async (_, body, answer) => {
    const { status, text } = await post('/score', body);
    if (typeof answer === 'string') expect(text).toBe(answer);
    else expect(text).toMatch(answer);
    expect(status).toBe(typeof answer === 'string' ? 200 : 400);
  });

  it('bytes that are no UTF-8, and random ones', async () => {
    for (let i = 0; i < 50; i++) {
      const { status } = await post(['/score', '/invocations', infer][i % 3] as string, Buffer.from(randomBytes(1 + i * 40)));
      expect(status).toBe(400);
    }
  });

  it('nobody can change what all objects inherit', async () => {
    await post(
      '/score',
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "data": [{"__proto__": {"polluted": 1}}]}',
    );
    await fetch(`${server.url}/score?__proto__[polluted]=1&constructor.prototype.polluted=1`);
    const { text } = await post('/score', `{"data": [${row}]}`);
    expect(text).toBe(sum('6.0'));
  });
});

it('the key is in no line of the log, and no answer was a failure of the server', () => {
  expect(server.log()).not.toContain(server.key);
  expect(server.log()).not.toMatch(/failed|RangeError|TypeError/);
});
