/** The commands that need no server, on the small models of the fixtures. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, fixture, heard, testCli } from './test-cli.ts';

type Tensor = { value: (string | number)[][] };
type Expected = Record<'loans' | 'rents', { inputs: Record<string, Tensor>; outputs: Record<string, { value: unknown[] }> }>;
const expected = JSON.parse(readFileSync(fixture('models/expected.json'), 'utf8')) as Expected;

/** The eight rows of a model's expectations, as columns of a CSV file. */
function csvOf({ inputs }: Expected['loans']): string {
  const names = Object.keys(inputs);
  const rows = inputs[names[0] as string]!.value.map((_, row) => names.map((name) => inputs[name]!.value[row]![0]).join(','));
  return `${names.join(',')}\n${rows.join('\n')}\n`;
}

let cli: Cli;
const file = (name: string) => join(cli.home, name);
beforeAll(async () => {
  cli = await testCli();
  await writeFile(file('loans.csv'), csvOf(expected.loans));
  await writeFile(file('rents.csv'), csvOf(expected.rents));
});
afterAll(() => cli.remove());

describe('score', () => {
  test('labels as CSV, equal to those of Python', async () => {
    const { stdout, code } = await cli.run(['score', fixture('models/loans.onnx'), file('loans.csv')]);
    const labels = expected.loans.outputs.output_label!.value as number[];
    expect(code).toBe(0);
    expect(stdout).toBe(`prediction\n${labels.join('\n')}\n`);
  });

  test('probabilities, a column a class', async () => {
    const { stdout } = await cli.run(['score', fixture('models/loans.onnx'), file('loans.csv'), '--method', 'predict_proba']);
    const [header, ...lines] = stdout.trim().split('\n');
    const answers = expected.loans.outputs.output_probability!.value as Record<string, number>[];
    expect(header).toBe('0,1');
    for (const [row, line] of lines.entries()) {
      const [no, yes] = line.split(',').map(Number);
      expect(no).toBeCloseTo(answers[row]!['0']!, 5);
      expect(yes).toBeCloseTo(answers[row]!['1']!, 5);
    }
    expect(lines).toHaveLength(answers.length);
  });

  test('numbers of a regression, and as JSON when asked', async () => {
    const { rows } = await cli.json<{ rows: number[][] }>('score', fixture('models/rents.onnx'), file('rents.csv'));
    const values = (expected.rents.outputs.variable!.value as number[][]).flat();
    expect(rows).toHaveLength(values.length);
    for (const [row, [value]] of rows.entries()) expect(value).toBeCloseTo(values[row]!, 2);
  });

  test('a column that is missing is named', async () => {
    await writeFile(file('short.csv'), 'income,purpose\n12.5,car\n');
    const { code, stderr } = await cli.run(['score', fixture('models/loans.onnx'), file('short.csv')]);
    expect(code).toBe(2);
    expect(stderr).toContain('years_employed');
  });
});

test('inspect tells signature, operators and what was rewritten', async () => {
  const model = await cli.json<{
    task: string;
    classes: number[];
    opsets: object;
    rewritten: string[];
    inputs: { columns: { name: string }[] }[];
  }>('inspect', fixture('models/loans.onnx'));
  expect(model.task).toBe('classification');
  expect(model.classes).toEqual([0, 1]);
  expect(model.inputs.flatMap(({ columns }) => columns.map(({ name }) => name))).toEqual(['income', 'years_employed', 'purpose']);
  expect(model.opsets).toHaveProperty('ai.onnx.ml');
  expect(model.rewritten.join()).toContain('ZipMap');
});

describe('serve', () => {
  const body = JSON.stringify({
    data: [
      { income: 18.4, years_employed: 4, purpose: 'car' },
      { income: 43.1, years_employed: 3, purpose: 'car' },
    ],
  });
  const labels = (expected.loans.outputs.output_label!.value as number[]).slice(0, 2);

  test('a model behind a key, until Ctrl-C', async () => {
    const server = cli.start(['serve', fixture('models/loans.onnx'), '--port', '0', '--key', 'k']);
    const said = await heard(server, 'stdout', 'READY');
    const uri = /^URI\s+(\S+)$/m.exec(said)?.[1] as string;
    const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };
    const answered = await fetch(uri, { method: 'POST', headers, body });
    expect(await answered.text()).toBe(JSON.stringify(`{"result": [${labels.join(', ')}]}`));
    expect((await fetch(uri, { method: 'POST', headers: { ...headers, authorization: 'Bearer wrong' }, body })).status).toBe(401);

    await writeFile(file('body.json'), body);
    const load = await cli.json<Record<string, number>>(
      'benchmark',
      uri,
      '--data',
      file('body.json'),
      '--key',
      'k',
      '--requests',
      '40',
      '-c',
      '4',
    );
    expect(load).toMatchObject({ requests: 40, errors: 0, non2xx: 0, rows_per_request: 2 });
    const rated = ['benchmark', uri, '--data', file('body.json'), '--key', 'k', '--rate', '50', '--requests', '20'];
    expect(await cli.json(...rated)).toMatchObject({ requests: 20, errors: 0, non2xx: 0, rate: 50 });
    const refused = await cli.run(['benchmark', uri, '--data', file('body.json'), '--key', 'wrong']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('answered 401 to the first request') });

    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
    await expect(fetch(uri)).rejects.toThrow();
  });

  test('a crash of what answers costs the request that is with it: the same address and key are answered again', async () => {
    const model = file('crashes.onnx');
    await writeFile(model, readFileSync(fixture('models/loans.onnx')));
    const server = cli.start(['serve', model, '--port', '0', '--key', 'k']);
    const serving = heard(server, 'stderr', 'malachite - Serving');
    const uri = /^URI\s+(\S+)$/m.exec(await heard(server, 'stdout', 'READY'))?.[1] as string;
    const pid = Number(/I \[(\d+)\] malachite - Serving/.exec(await serving)?.[1]);
    // What was read once is served, whatever becomes of the file.
    await writeFile(model, 'no model any more');
    const again = heard(server, 'stderr', 'malachite - Serving');
    process.kill(pid, 'SIGSEGV');
    expect(await again).toContain('was killed (SIGSEGV) with 0 requests; it is started again.');
    const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };
    const answered = await fetch(uri, { method: 'POST', headers, body });
    expect(await answered.text()).toBe(JSON.stringify(`{"result": [${labels.join(', ')}]}`));
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  test('what hangs is found out by --liveness-probe, and replaced', async () => {
    const probe = ['--liveness-probe', 'initial_delay=1', 'period=1', 'timeout=1', 'failure_threshold=2'];
    const server = cli.start(['serve', fixture('models/loans.onnx'), '--port', '0', '--no-auth', ...probe]);
    const [said] = await Promise.all([heard(server, 'stderr', 'malachite - Serving'), heard(server, 'stdout', 'READY')]);
    const pid = Number(/I \[(\d+)\] malachite - Serving/.exec(said)?.[1]);
    const again = heard(server, 'stderr', 'malachite - Serving');
    process.kill(pid, 'SIGSTOP');
    expect(await again).toContain('did not answer its liveness probe 2 times with 0 requests; it is started again.');
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
    const misspelt = await cli.run(['serve', fixture('models/loans.onnx'), '--liveness-probe', 'periods=1']);
    expect(misspelt).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('initial_delay, period, timeout, failure_threshold'),
    });
  });

  test.each([
    ['0.0.0.0', /^warning: Nobody is asked for a key, and 0\.0\.0\.0 is open to the network/m],
    ['127.0.0.1', /^(?!.*warning)/],
  ])('--no-auth on %s', async (host, said) => {
    const server = cli.start(['serve', fixture('models/loans.onnx'), '--port', '0', '--host', host, '--no-auth']);
    expect(await heard(server, 'stderr', 'malachite - Serving')).toMatch(said);
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  test('several workers behind one port and one key, which end together', async () => {
    const server = cli.start(['serve', fixture('models/loans.onnx'), '--port', '0', '--workers', '2']);
    const said = await heard(server, 'stdout', 'READY');
    const [, uri, key] = /^URI\s+(\S+)\nKey\s+(\S+)$/m.exec(said) as unknown as [string, string, string];
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}`, connection: 'close' };
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await fetch(uri, { method: 'POST', headers, body })).status),
    );
    expect(statuses).toEqual(Array(8).fill(200));
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
    await expect(fetch(uri)).rejects.toThrow();
  });

  test('an MLflow model folder, by the file that its MLmodel names', async () => {
    const folder = file('mlflow');
    await mkdir(folder);
    await writeFile(join(folder, 'MLmodel'), 'flavors:\n  onnx:\n    data: loans.onnx\n');
    await writeFile(join(folder, 'loans.onnx'), readFileSync(fixture('models/loans.onnx')));
    const server = cli.start(['serve', folder, '--port', '0', '--no-auth']);
    const uri = /^URI\s+(\S+)$/m.exec(await heard(server, 'stdout', 'READY'))?.[1] as string;
    expect((await fetch(uri, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status).toBe(200);
    server.kill('SIGTERM');
    await once(server, 'exit');
    await writeFile(join(folder, 'MLmodel'), 'flavors:\n  onnx:\n    data: ../../secret.onnx\n');
    expect((await cli.run(['serve', folder])).stderr).toContain('names a file outside the folder');
  });
});
