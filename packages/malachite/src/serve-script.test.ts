/** `malachite serve --score`, and MLflow models that only Python runs. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cli, heard, testCli } from './test-cli.ts';

const venv = fileURLToPath(new URL('../../../.venv', import.meta.url));
const hasVenv = existsSync(venv);
const hasPython = spawnSync('python3', ['--version']).status === 0;

let cli: Cli;
const file = (name: string) => join(cli.home, name);
beforeAll(async () => {
  cli = await testCli();
});
afterAll(() => cli.remove());

/** An MLflow model that adds a constant to a column, with code of its own. */
async function mlflowModel(folder: string): Promise<string> {
  await mkdir(join(folder, 'code'), { recursive: true });
  await writeFile(
    join(folder, 'MLmodel'),
    'flavors:\n  python_function:\n    loader_module: adder\n    code: code\n    data: constant.txt\n    python_version: 3.11.0\nmlflow_version: 2.0.0\n',
  );
  await writeFile(join(folder, 'constant.txt'), '10');
  await writeFile(
    join(folder, 'code', 'adder.py'),
    'class Adder:\n    def __init__(self, n): self.n = n\n    def predict(self, table): return table["x"] + self.n\n\ndef _load_pyfunc(path): return Adder(int(open(path).read()))\n',
  );
  return folder;
}

test('score.ts behind a key; its prints and its exceptions are said here, not to the caller', async () => {
  await writeFile(
    file('score.ts'),
    `import { readdirSync } from 'node:fs';
     export function init(): void { console.log('models:', ...readdirSync(process.env.AZUREML_MODEL_DIR as string)); }
     export function run(data: string): unknown {
       if (data === '"raise"') throw new Error('secret detail');
       return { got: JSON.parse(data) };
     }`,
  );
  await mkdir(file('model'));
  await writeFile(file('model/weights.txt'), '1');
  const server = cli.start(['serve', file('model'), '--score', file('score.ts'), '--port', '0', '--key', 'k', '--workers', '2']);
  const models = heard(server, 'stderr', 'models: weights.txt');
  const exception = heard(server, 'stderr', 'secret detail');
  const uri = /^URI\s+(\S+)$/m.exec(await heard(server, 'stdout', 'READY'))?.[1] as string;
  await models;
  const headers = { authorization: 'Bearer k' };
  expect(await (await fetch(uri, { method: 'POST', headers, body: '[1]' })).json()).toEqual({ got: [1] });
  const failed = await fetch(uri, { method: 'POST', headers, body: '"raise"' });
  expect(failed.status).toBe(500);
  expect(failed.headers.get('x-ms-run-function-failed')).toBe('True');
  expect(await failed.text()).not.toContain('secret');
  await exception;
  expect((await fetch(uri, { method: 'POST', body: '[1]' })).status).toBe(401);
  server.kill('SIGINT');
  expect(await once(server, 'exit')).toEqual([0, null]);
});

test('a script or a Python that is not there is said in a sentence', async () => {
  expect(await cli.run(['serve', '--score', file('none.py')])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('none.py" does not exist'),
  });
  await writeFile(file('empty.py'), '');
  expect(await cli.run(['serve', '--score', file('empty.py'), '--python', file('nowhere/python')])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('does not exist; give an interpreter or a virtual environment'),
  });
  expect((await cli.run(['serve'])).stderr).toContain('Give a model, or a script with --score.');
});

test.skipIf(!hasVenv)(
  'an MLflow model without the onnx flavour, by its own mlflow (skipped without .venv, which .ci/run makes)',
  async () => {
    const folder = await mlflowModel(file('adder'));
    const server = cli.start(['serve', folder, '--python', relative(process.cwd(), venv), '--port', '0', '--no-auth']);
    const uri = /^URI\s+(\S+)$/m.exec(await heard(server, 'stdout', 'READY'))?.[1] as string;
    const ask = async (path: string, body: string, type = 'application/json') => {
      const answer = await fetch(new URL(path, uri), { method: 'POST', headers: { 'content-type': type }, body });
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    const split = { columns: ['x'], data: [[1], [2]] };
    expect(await ask('/score', JSON.stringify({ input_data: split }))).toEqual({ status: 200, body: [11, 12] });
    const answered = { status: 200, body: { predictions: [11, 12] } };
    expect(await ask('/invocations', JSON.stringify({ dataframe_split: split }))).toEqual(answered);
    expect(await ask('/invocations', JSON.stringify({ dataframe_records: [{ x: 1 }, { x: 2 }] }))).toEqual(answered);
    expect(await ask('/invocations', JSON.stringify({ inputs: { x: [1, 2] } }))).toEqual(answered);
    expect(await ask('/invocations', 'x\n1\n2\n', 'text/csv')).toEqual(answered);
    expect(await ask('/invocations', '{"rows": []}')).toMatchObject({ status: 400 });
    server.kill('SIGTERM');
    await once(server, 'exit');
  },
);

test.skipIf(!hasPython)('an MLflow model whose Python has no mlflow says what to do (skipped without python3)', async () => {
  const bare = file('bare-venv');
  spawnSync('python3', ['-m', 'venv', '--without-pip', bare]);
  const { code, stderr } = await cli.run(['serve', await mlflowModel(file('adder2')), '--python', bare, '--port', '0']);
  expect(code).toBe(2);
  expect(stderr).toContain('install it there (mlflow-skinny is enough), or export the model with the onnx flavour');
});
