/** Requests by a grammar of our own: every route, form and header of a scoring server, mostly sound, bent at random. Seeded, so a find repeats. */

export interface Attack {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | undefined;
}

/** @param model the name that the Open Inference Protocol knows it by */
export function grammar(seed: number, model: string): () => Attack {
  const choose = chooser(seed);
  const pick = <T>(list: readonly T[]): T => list[choose(list.length)] as T;
  const seldom = (chance: number): boolean => choose(chance) === 0;

  const value = (plain: unknown): unknown => (seldom(40) ? pick(oddities) : plain);
  const row = (): Record<string, unknown> => {
    const values: Record<string, unknown> = {
      int64: value(choose(100)),
      int32: value(choose(100)),
      double: value(choose(100) / 7),
      'emp.var.rate': value(1.1),
      bool: value(seldom(2)),
      job: value(pick(['clerk', 'käse', ''])),
    };
    if (seldom(40)) delete values[pick(Object.keys(values))];
    if (seldom(20)) Object.defineProperty(values, pick(inherited), { value: 1, enumerable: true });
    return values;
  };
  const rows = (): Record<string, unknown>[] => Array.from({ length: choose(4) + (seldom(30) ? 200 : 0) }, row);
  const lists = (): unknown[][] => rows().map((each) => Object.values(each));
  const byColumn = (): object => {
    const data = rows();
    return Object.fromEntries(Object.keys(row()).map((name) => [name, data.map((each) => each[name])]));
  };
  const tensor = (name: string, plain: unknown, datatype: string): object => ({
    name: value(name),
    shape: seldom(40) ? pick(oddities) : pick([[1, 1], [1, 1], [1, 1], [1], [1, 1, 1], [2, 1]]),
    datatype: seldom(40) ? pick(oddities) : datatype,
    data: seldom(40) ? pick(oddities) : [value(plain)],
    ...(seldom(15) ? { parameters: pick([{ binary_data_size: pick(numbers) }, ...oddities]) } : {}),
  });
  const inference = (): object => ({
    inputs: seldom(15)
      ? pick(oddities)
      : [
          tensor('int64', 1, 'INT64'),
          tensor('int32', 1, 'INT32'),
          tensor('double', 1, 'FP64'),
          tensor('emp_var_rate', 1, 'FP32'),
          tensor('bool', true, 'BOOL'),
          tensor('job', 'clerk', 'BYTES'),
        ],
    ...(seldom(8) ? { outputs: pick([[{ name: 'variable' }], ...oddities]) } : {}),
    ...(seldom(8) ? { id: pick(oddities) } : {}),
  });
  const split = (): object => ({
    columns: seldom(10) ? pick(oddities) : Object.keys(row()),
    data: seldom(10) ? pick(oddities) : lists(),
    ...(seldom(3) ? { index: pick(oddities) } : {}),
  });
  const parameters = (): unknown => pick([{ method: 'predict' }, { method: 'predict_proba' }, ...oddities]);
  const cell = (): string => String(pick(['1', '', '"a ""b""\n"', 'x,y', '\r', 'NaN', '1e5', 'clerk']));
  const csv = (): string =>
    [
      Object.keys(row()).join(pick([',', ';', '\t'])),
      ...Array.from({ length: choose(4) }, () => Array.from({ length: 5 + choose(2) }, cell).join(',')),
    ].join(pick(['\n', '\r\n', '\r']));

  /** Path, content type and body that belong together. */
  const calls: readonly (() => readonly [path: string, type: string, body: unknown])[] = [
    () => ['/score', json, { data: rows(), ...(seldom(2) ? { method: pick(['predict', 'predict_proba', ...oddities]) } : {}) }],
    () => ['/score', json, { data: pick([pick(oddities), lists()]) }],
    () => ['/score', json, { Inputs: { data: rows() }, GlobalParameters: parameters() }],
    () => ['/score', json, { Inputs: pick([pick(oddities), { data: pick(oddities) }]) }],
    () => ['/score', json, { input_data: pick([rows(), lists(), split(), byColumn(), pick(oddities)]) }],
    () => ['/score', json, pick(oddities)],
    () => ['/invocations', json, { dataframe_split: pick([split(), pick(oddities)]) }],
    () => ['/invocations', json, { dataframe_records: pick([rows(), pick(oddities)]) }],
    () => ['/invocations', json, { instances: pick([rows(), lists(), pick(oddities)]) }],
    () => ['/invocations', json, { inputs: pick([byColumn(), rows(), pick(oddities)]) }],
    () => ['/invocations', 'text/csv', csv()],
    () => [`/v2/models/${seldom(10) ? pick(names) : model}/infer`, json, inference()],
  ];
  const gets = (): string =>
    pick([
      '/',
      '/health',
      '/metrics',
      '/docs',
      `/docs/${pick(names)}`,
      `/swagger.json?version=${pick(['2', '3', '3.1', ...names])}`,
      `/score?${pick(names)}=${pick(names)}&data=${pick(names)}`,
      '/v2',
      `/v2/models/${pick([model, ...names])}`,
      `/v2/models/${pick([model, ...names])}/ready`,
      `/${pick(names)}`,
    ]);
  const headers = (type: string): Record<string, string> => ({
    'content-type': seldom(30)
      ? pick(['', 'text/plain', 'application/json; charset=utf-16', 'a/b;c=', ';', 'multipart/form-data', 'application/x+json'])
      : type,
    ...(seldom(40) ? { 'x-request-id': pick(tokens) } : {}),
    ...(seldom(40) ? { 'x-ms-client-request-id': pick(tokens) } : {}),
    ...(seldom(40) ? { 'x-ms-request-id': pick(tokens) } : {}),
    ...(seldom(40) ? { 'azureml-model-deployment': pick(['default', ...tokens]) } : {}),
    ...(seldom(20) ? { 'content-encoding': pick(['gzip', 'br', 'identity', ...tokens]) } : {}),
    ...(seldom(20) ? { 'inference-header-content-length': pick([...tokens, '5', '-1', '1e3', '99999999999']) } : {}),
    ...(seldom(20) ? { origin: pick(tokens), accept: pick(tokens), cookie: pick(tokens), 'x-forwarded-for': pick(tokens) } : {}),
  });
  /** Cuts a little out of the text and puts something in its place. */
  const bent = (text: string): string => {
    const at = choose(text.length + 1);
    return text.slice(0, at) + pick(scraps) + text.slice(at + choose(3));
  };

  return () => {
    if (seldom(8)) {
      const method = pick(['GET', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'POST', 'TRACE']);
      return { method, path: gets(), headers: headers(json), body: undefined };
    }
    const [path, type, content] = pick(calls)();
    const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? '');
    const written = seldom(4) ? text.replaceAll(/"(?:NaN|Infinity|-Infinity|1{30})"/g, (quoted) => quoted.slice(1, -1)) : text;
    const body = seldom(12) ? bent(written) : written;
    return {
      method: 'POST',
      path,
      headers: headers(type),
      body: seldom(40) ? Buffer.from(body, pick(['latin1', 'utf16le'])) : body,
    };
  };
}

const json = 'application/json';

const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const numbers = [0, -0, 1, -1, 1.5, 4, 8, 1e9, -1e308, 1e25, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 + 2, 2 ** 60];

/** The texts `NaN`, `Infinity` and long digits are now and then written without quotes, as Python writes numbers. */
const oddities: readonly unknown[] = [
  null,
  true,
  false,
  ...numbers,
  '',
  ' 41 ',
  'NaN',
  'Infinity',
  '-Infinity',
  '1'.repeat(30),
  'old',
  'True',
  'é\ud800',
  '\u0000',
  '2024-02-30',
  'a'.repeat(3000),
  [],
  {},
  [[1]],
  [[[[]]]],
  [null],
  { a: 1 },
  { a: '1'.repeat(30) },
  ['1'.repeat(30)],
  { data: null },
  { columns: [], data: [] },
  { length: 3 },
  { constructor: { prototype: { x: 1 } } },
];

const names = [
  'x',
  '',
  '__proto__',
  'constructor',
  '..',
  '%2e%2e%2f',
  '%00',
  '%ff',
  '💥',
  'a'.repeat(300),
  "'; DROP",
  '${x}',
  '<script>',
  '%',
  '1',
].map((name) => encodeURI(name.toWellFormed()).replace('%25', '%'));

const tokens = [
  '',
  'x',
  'a'.repeat(101),
  'a'.repeat(4000),
  '../..',
  '<script>alert(1)</script>',
  'é',
  '\t',
  '__proto__',
  '0',
  '"',
  '${jndi:ldap://x}',
  '%0d%0aX: 1',
  ',',
];

const scraps = ['', '"', '}', ']', ',', ':', 'NaN', '-', '\\', '[', '\u0001', '\ufeff', '1e999', '\\ud800', '//', "'"];

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
