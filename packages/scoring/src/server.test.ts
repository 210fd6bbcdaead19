import { connect } from 'node:net';
import { encodeModel, GraphBuilder, type ModelProto } from '@malachite/onnx';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServedDeployment } from './http/endpoint.ts';
import type { RequestRow } from './http/request-log.ts';
import { loadModel, type ScoringModel } from './model/load-model.ts';
import { type ScoringServer, type ScoringServerOptions, startScoringServer } from './server.ts';

const named = { graphName: 'test', producerName: 'test', producerVersion: '1' };
const open: ScoringServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** Columns `age` (int64), `job` (text) and `emp_var_rate` (float) -> label `yes` when age + rate > 50, probabilities, one tensor each. */
function classifier(): ModelProto {
  const graph = new GraphBuilder();
  const age = graph.input('age', 'int64', [null, 1]);
  const job = graph.input('job', 'string', [null, 1]);
  const rate = graph.input('emp_var_rate', 'float', [null, 1]);
  const known = graph.node(
    'LabelEncoder',
    [job],
    { keys_strings: ['clerk'], values_floats: [0], default_float: 0 },
    { domain: 'ai.onnx.ml' },
  );
  const sum = graph.node('Sum', [graph.node('Cast', [age], { to: 1 }), rate, known]);
  const [label, scores] = graph.nodes(
    'LinearClassifier',
    [sum],
    {
      coefficients: [-0.1, 0.1],
      intercepts: [5, -5],
      classlabels_strings: ['no', 'yes'],
      multi_class: 0,
      post_transform: 'SOFTMAX',
    },
    { domain: 'ai.onnx.ml', outputs: 2 },
  ) as [string, string];
  graph.output(label, 'output_label', 'string', [null]);
  graph.output(scores, 'output_probability', 'float', [null, 2]);
  return graph.toModel(named);
}

/** Adds a number to `x`: the answer tells which model gave it. */
function adder(amount: number): ModelProto {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [null, 1]);
  graph.output(graph.node('Add', [x, graph.constant(new Float32Array([amount]), [1])]), 'variable', 'float', [null, 1]);
  return graph.toModel(named);
}

async function deployed(model: ModelProto, name = 'blue', traffic = 100): Promise<ServedDeployment> {
  return { name, traffic, model: await loadModel(encodeModel(model)) };
}

async function start(
  options: Partial<ScoringServerOptions> & { deployments: readonly ServedDeployment[] },
): Promise<ScoringServer> {
  const server = await startScoringServer({ port: 0, keys: null, ...options });
  open.push(server);
  return server;
}

async function post(
  server: ScoringServer,
  body: unknown,
  headers: Record<string, string> = {},
  path = '/score',
): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const rows = [
  { age: 70, job: 'clerk', 'emp.var.rate': 1.5 },
  { age: 20, job: 'nurse', 'emp.var.rate': -1 },
];

describe('body forms', () => {
  it('v1 is answered as JSON inside a JSON string, byte for byte like Python', async () => {
    const server = await start({ deployments: [await deployed(classifier())] });
    expect((await post(server, { data: rows })).text).toBe('"{\\"result\\": [\\"yes\\", \\"no\\"]}"');
    const { text } = await post(server, { data: rows, method: 'predict_proba' });
    const [first] = (JSON.parse(JSON.parse(text) as string) as { result: number[][] }).result;
    expect((first as number[])[1]).toBeCloseTo(1 / (1 + Math.exp(-4.3)), 5);
  });

  it.each<[string, string, unknown, string]>([
    ['v2', '/score', { Inputs: { data: rows }, GlobalParameters: { method: 'predict' } }, '{"Results": ["yes", "no"]}'],
    [
      'input_data',
      '/score',
      { input_data: { columns: ['job', 'emp_var_rate', 'age'], index: [0], data: [['x', 0, 70]] } },
      '["yes"]',
    ],
    ['input_data by column', '/score', { input_data: { age: [70], job: ['x'], emp_var_rate: [[1]] } }, '["yes"]'],
    [
      'dataframe_split',
      '/invocations',
      { dataframe_split: { columns: ['age', 'job', 'emp.var.rate'], data: [[20, 'x', 0]] } },
      '{"predictions": ["no"]}',
    ],
    ['dataframe_records', '/invocations', { dataframe_records: rows }, '{"predictions": ["yes", "no"]}'],
    ['instances', '/invocations', { instances: rows }, '{"predictions": ["yes", "no"]}'],
    ['text/csv', '/invocations', 'age,job,emp.var.rate\r\n70,"x, y",1\n20.0,,1.5\n', '{"predictions": ["yes", "no"]}'],
    ['inputs', '/invocations', { inputs: { age: [20], job: [null], emp_var_rate: [null] } }, '{"predictions": ["no"]}'],
  ])('%s', async (_, path, body, answer) => {
    const server = await start({ deployments: [await deployed(classifier())] });
    const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'text/csv; charset=utf-8' } : {};
    expect((await post(server, body, headers, path)).text).toBe(answer);
  });
});

describe('models of other shapes', () => {
  it('one matrix in, several targets out: lists of numbers both ways', async () => {
    const graph = new GraphBuilder();
    graph.output(graph.input('X', 'float', [null, 2]), 'variable', 'float', [null, 2]);
    const server = await start({ deployments: [await deployed(graph.toModel(named))] });
    expect(
      (
        await post(server, {
          Inputs: {
            data: [
              [1, 2],
              [3, 4],
            ],
          },
        })
      ).text,
    ).toBe('{"Results": [[1.0, 2.0], [3.0, 4.0]]}');
    expect((await post(server, { Inputs: { data: [[1, 2], [3]] } })).text).toBe('{"message": "Row 1 has 1 values, expected 2."}');
  });

  it('a graph exported for one row answers many', async () => {
    const graph = new GraphBuilder();
    graph.output(graph.node('ReduceSum', [graph.input('x', 'float', [1, 1])], { keepdims: 1 }), 'variable', 'float', [1, 1]);
    const server = await start({ deployments: [await deployed(graph.toModel(named))] });
    expect((await post(server, { Inputs: { data: [{ x: 1 }, { x: 2 }, { x: 3 }] } })).text).toBe('{"Results": [1.0, 2.0, 3.0]}');
  });

  it('keeps every digit of a 64-bit integer, as number and as text', async () => {
    const graph = new GraphBuilder();
    const text = graph.node('Cast', [graph.input('id', 'int64', [null, 1])], { to: 8 });
    const known = { keys_strings: ['9007199254740993'], values_int64s: [1], default_int64: 0 };
    graph.output(graph.node('LabelEncoder', [text], known, { domain: 'ai.onnx.ml' }), 'label', 'int64', [null, 1]);
    const server = await start({ deployments: [await deployed(graph.toModel(named))] });
    const results = async (ids: string): Promise<string> => (await post(server, `{"Inputs": {"data": [${ids}]}}`)).text;
    expect(await results('{"id": 9007199254740993}, {"id": 9007199254740992}')).toBe('{"Results": [1, 0]}');
    expect(await results('{"id": "9007199254740993"}')).toBe('{"Results": [1]}');
    expect(await results('{"id": 9223372036854775808}')).toMatch(/expected an integer, got 9223372036854775808/);
  });

  it('a matrix of any width takes rows of one length', async () => {
    const graph = new GraphBuilder();
    const sum = graph.node('ReduceSum', [graph.input('X', 'float', [null, null]), graph.constant(new BigInt64Array([1n]))], {
      keepdims: 1,
    });
    graph.output(sum, 'variable', 'float', [null, 1]);
    const server = await start({ deployments: [await deployed(graph.toModel(named))] });
    const bodies = [
      { Inputs: { data: [[1, 2, 3]] } },
      {
        Inputs: {
          data: [
            [1, 2],
            [3, 4],
          ],
        },
      },
    ];
    const answers = await Promise.all(bodies.map((body) => post(server, body)));
    expect(answers.map(({ text }) => text)).toEqual(['{"Results": [6.0]}', '{"Results": [3.0, 7.0]}']);
  });

  it('a model of a newer opset than the runtime knows is refused with a sentence', async () => {
    const newer = { ...adder(1), opsetImport: [{ domain: '', version: 99 }] };
    await expect(loadModel(encodeModel(newer))).rejects.toThrow(
      /uses a newer ai\.onnx than opset \d+; export it with an older one/,
    );
  });
});

describe('a bad body', () => {
  const good = { age: 1, job: 'x', emp_var_rate: 0 };
  it.each<[string, unknown, RegExp]>([
    [
      'a missing column, and one that means nothing',
      { data: [good, { age: 1, jobs: 'x', emp_var_rate: 0 }] },
      /Row 1 has no column "job"\. Not known to the model: "jobs"/,
    ],
    [
      'a word where a number belongs',
      { data: [good, { ...good, age: 'old' }] },
      /Row 1, column "age": expected an integer, got "old"/,
    ],
    ['a list where text belongs', { data: [{ ...good, job: ['x'] }] }, /Row 0, column "job": expected text, got \["x"\]/],
    ['an integer beyond 64 bits', { data: [{ ...good, age: 1e30 }] }, /Row 0, column "age": expected an integer/],
    ['a row that is no object', { data: [good, 3] }, /Row 1 is a number; expected an object/],
    [
      'a list of the wrong length',
      {
        input_data: {
          columns: ['age', 'job', 'emp_var_rate'],
          data: [
            [1, 'x', 0],
            [1, 'x'],
          ],
        },
      },
      /Row 1 has 2 values, expected 3/,
    ],
    [
      'a column that a split table lacks',
      { input_data: { columns: ['age', 'job'], data: [[1, 'x']] } },
      /"columns" has no column "emp_var_rate"/,
    ],
    [
      'columns of different lengths',
      { input_data: { age: [1, 2], job: ['x'], emp_var_rate: [1, 2] } },
      /Column "job" has 1 values, column "age" has 2/,
    ],
    ['a name that every object inherits', '{"data": [{"age": 1, "job": "x", "constructor": 1}]}', /has no column "emp_var_rate"/],
    [
      "broken JSON, in Python's words",
      '{"data": [{"age": 1,}]}',
      /Expecting property name enclosed in double quotes: line 1 column 21 \(char 20\)/,
    ],
    ['a byte order mark', '\ufeff{}', /Unexpected UTF-8 BOM/],
    ['JSON nested too deeply', `{"data": ${'['.repeat(100_000)}`, /could not be decoded|Nested too deeply/],
  ])('%s is a 400 that says so', async (_, body, sentence) => {
    const server = await start({ deployments: [await deployed(classifier())] });
    const { status, text } = await post(server, body);
    expect([status, (JSON.parse(text) as { message: string }).message]).toEqual([400, expect.stringMatching(sentence)]);
    expect((await post(server, { data: [good] })).status).toBe(200);
  });

  it('takes NaN from Python clients as a missing number', async () => {
    const server = await start({ deployments: [await deployed(classifier())] });
    expect((await post(server, '{"data": [{"age": 1, "job": "x", "emp_var_rate": NaN}]}')).status).toBe(200);
  });

  it('fails alone: a request that joined the same run is answered', async () => {
    const server = await start({ deployments: [await deployed(classifier())] });
    const answers = await Promise.all(
      [{ data: [good] }, { data: [{ ...good, age: 'old' }] }, { data: [good, good] }].map((body) => post(server, body)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(answers[2]?.text).toBe('"{\\"result\\": [\\"no\\", \\"no\\"]}"');
  });
});

describe('keys', () => {
  it('either key opens; a wrong, missing or half one does not; health, document and docs stay open', async () => {
    const server = await start({ deployments: [await deployed(classifier())], keys: { primary: 'first', secondary: 'second' } });
    const status = async (authorization?: string): Promise<number> =>
      (await post(server, { data: rows }, authorization === undefined ? {} : { authorization })).status;
    expect(await status('Bearer first')).toBe(200);
    expect(await status('Bearer second')).toBe(200);
    for (const wrong of [undefined, '', 'Bearer', 'Bearer ', 'Bearer firs', 'Bearer first second', 'Basic first', 'first']) {
      expect([wrong, await status(wrong)]).toEqual([wrong, 401]);
    }
    for (const path of ['/', '/swagger.json', '/docs', '/docs/swagger-ui-bundle.js']) {
      expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 200]);
    }
  });
});

describe('deployments', () => {
  const one = { Inputs: { data: [{ x: 1 }] } };

  it('splits the traffic exactly, and lets a header choose', async () => {
    const server = await start({ deployments: [await deployed(adder(1), 'blue', 90), await deployed(adder(2), 'green', 10)] });
    const count = { blue: 0, green: 0 };
    for (let i = 0; i < 20; i++) count[(await post(server, one)).headers.get('azureml-model-deployment') as 'blue' | 'green']++;
    expect(count).toEqual({ blue: 18, green: 2 });
    expect((await post(server, one, { 'azureml-model-deployment': 'green' })).text).toBe('{"Results": [3.0]}');
    expect((await post(server, one, { 'azureml-model-deployment': 'red' })).status).toBe(404);
  });

  it('answers 404 while no deployment has traffic', async () => {
    const server = await start({ deployments: [await deployed(adder(1), 'blue', 0)] });
    expect((await post(server, one)).status).toBe(404);
    expect((await post(server, one, { 'azureml-model-deployment': 'blue' })).status).toBe(200);
  });

  it('switches models under load without one failed request, and says when the old one is free', async () => {
    const blue = await deployed(adder(1), 'blue');
    const green = await deployed(adder(2), 'blue');
    const server = await start({ deployments: [blue] });
    let stop = false;
    const seen = new Set<string>();
    const client = async (): Promise<void> => {
      while (!stop) {
        const { status, text } = await post(server, one);
        expect(status).toBe(200);
        seen.add(text);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await post(server, one);
    await server.update({ keys: null, deployments: [green] });
    await (blue.model as ScoringModel).close();
    expect((await post(server, one)).text).toBe('{"Results": [3.0]}');
    stop = true;
    await Promise.all(clients);
    expect([...seen].sort()).toEqual(['{"Results": [2.0]}', '{"Results": [3.0]}']);
  });
});

describe('the request log', () => {
  it('has a row for each request but health probes, with the reason of a refusal, and bodies only when asked for', async () => {
    const rowsSeen: RequestRow[] = [];
    const server = await start({
      deployments: [{ ...(await deployed(adder(1))), collectModelData: true }],
      onRequests: (some) => rowsSeen.push(...some),
    });
    await post(server, { Inputs: { data: [{ x: 1 }, { x: 2 }] } }, { 'x-ms-client-request-id': 'mine' });
    await post(server, '{');
    await fetch(`${server.url}/`);
    await fetch(`${server.url}/nothing`);
    await open.pop()?.close();
    expect(rowsSeen.map(({ path, status, rows: count, clientRequestId }) => [path, status, count, clientRequestId])).toEqual([
      ['/score', 200, 2, 'mine'],
      ['/score', 400, 0, ''],
      ['/nothing', 404, 0, ''],
    ]);
    expect(rowsSeen[0]).toMatchObject({
      input: '{"Inputs":{"data":[{"x":1},{"x":2}]}}',
      prediction: '{"Results": [2.0, 3.0]}',
      deployment: 'blue',
    });
    expect(rowsSeen[1]?.error).toMatch(/could not be decoded/);
  });
});

/** Sends bytes as they are and reads until the server closes or has answered. */
function raw(server: ScoringServer, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    socket.once('data', (answer) => {
      resolve(answer.toString());
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(''));
  });
}

describe('requests that are hardly HTTP', () => {
  it.each<[string, string, RegExp]>([
    ['a path that cannot be decoded', 'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1.1 400 .*"message"/s],
    ['a method that does not exist', 'FOO /score HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1.1 400 .*"message"/s],
    [
      'two lengths',
      'POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1.1 400 /,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
    [
      'a content type that is none',
      'POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: foo\r\nContent-Length: 2\r\n\r\n{}',
      /^HTTP\/1.1 415 .*Expects Content-Type/s,
    ],
    ['a path out of the docs folder', 'GET /docs/..%2f..%2fpackage.json HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1.1 404 /],
  ])('%s', async (_, bytes, answer) => {
    const server = await start({ deployments: [await deployed(adder(1))] });
    expect(await raw(server, bytes)).toMatch(answer);
    expect((await post(server, { Inputs: { data: [{ x: 1 }] } })).status).toBe(200);
  });

  it('without a key, is refused before its body is read', async () => {
    const server = await start({ deployments: [await deployed(adder(1))], keys: { primary: 'k', secondary: '' } });
    expect(
      await raw(server, 'POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe('limits', () => {
  it('refuses a body over 100 MB with 413', async () => {
    const server = await start({ deployments: [await deployed(adder(1))] });
    const response = await fetch(`${server.url}/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.alloc(100 * 1024 * 1024 + 1, 32),
    }).catch((error: Error) => error.message);
    // The server answers and closes while the client still sends: the client sees the answer or the closed connection.
    if (typeof response !== 'string') expect(response.status).toBe(413);
    expect((await post(server, { Inputs: { data: [{ x: 1 }] } })).status).toBe(200);
  });
});
