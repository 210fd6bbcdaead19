/** The commands that need a server, against one: everything but training. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type HomeOwner, homeOwner, isRunning } from '@malachite/adapter-local/home-owner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cli, fixture, heard, testCli } from './test-cli.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await testCli();
  await cli.json('up', '--detach', '--port', '0');
});
afterAll(() => cli.remove());

const csv = fixture('bank-marketing/bank-marketing-synthetic.csv');

test('data: created from a file and from YAML, profiled, previewed, queried', async () => {
  const created = await cli.json<{ version: string; row_count: number }>('data', 'create', '-n', 'bank', '--path', csv);
  expect(created).toMatchObject({ version: '1', row_count: 4000 });
  await writeFile(join(cli.home, 'data.yml'), `name: bank\ntype: uri_file\npath: ${csv}\ndatastore: azureml:blobs\n`);
  const again = await cli.run(['data', 'create', '-f', join(cli.home, 'data.yml'), '--query', 'version', '-o', 'tsv']);
  expect(again).toMatchObject({
    code: 0,
    stdout: '1\n',
    stderr: expect.stringContaining('warning: data.yml: "datastore" is not honoured'),
  });

  const sql = 'select y, count(*) as calls from data group by y order by y';
  expect(await cli.json('data', 'query', '-n', 'bank', sql)).toMatchObject({
    rows: [
      ['no', 3580],
      ['yes', 420],
    ],
  });
  expect(
    (await cli.run(['data', 'preview', '-n', 'bank', '--limit', '2', '-o', 'table'])).stdout.trim().split('\n'),
  ).toHaveLength(4);
  expect((await cli.run(['data', 'profile', '-n', 'bank', '-o', 'table'])).stdout).toContain('bank:1, 4000 rows, 21 columns');
  expect(await cli.json('data', 'show', '-n', 'bank', '--label', 'latest')).toMatchObject({ version: '1' });
  expect(await cli.run(['data', 'show', '-n', 'bank', '-l', 'latest', '-v', '1'])).toMatchObject({ code: 2 });
  const missing = await cli.run(['data', 'show', '-n', 'bank', '-v', '7']);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('error: NotFound: ') });
});

test('data: archived versions leave the list, are listed when asked for, and come back', async () => {
  const file = join(cli.home, 'aged.csv');
  for (const rows of ['a,b\n1,2\n', 'a,b\n3,4\n']) {
    await writeFile(file, rows);
    await cli.json('data', 'create', '-n', 'aged', '--path', file);
  }
  const listed = async (...flags: string[]) =>
    (await cli.json<{ name: string; version: string }[]>('data', 'list', ...flags)).map(
      ({ name, version }) => `${name}:${version}`,
    );
  expect(await listed('--max-results', '1')).toEqual(['aged:2']);
  await cli.run(['data', 'archive', '-n', 'aged', '-v', '2']);
  expect(await listed()).toEqual(['aged:1', 'bank:1']);
  expect(await listed('-n', 'aged')).toEqual(['aged:1']);
  expect(await listed('-n', 'aged', '--include-archived')).toEqual(['aged:2', 'aged:1']);
  expect(await listed('-n', 'aged', '--archived-only')).toEqual(['aged:2']);
  expect(await listed('--archived-only')).toEqual([]);
  await cli.run(['data', 'archive', '-n', 'aged']);
  expect(await listed()).toEqual(['bank:1']);
  expect(await listed('--archived-only')).toEqual(['aged:2']);
  expect(await cli.run(['data', 'restore', '-n', 'aged', '-v', '1'])).toMatchObject({ code: 0, stdout: '' });
  expect(await listed()).toEqual(['aged:1', 'bank:1']);
  expect(await cli.run(['data', 'restore', '-n', 'aged', '-v', '7'])).toMatchObject({
    code: 1,
    stderr: 'error: NotFound: Dataset "aged:7" does not exist. Versions: 1, 2.\n',
  });
  expect(await cli.run(['data', 'list', '--archived-only', '--include-archived'])).toMatchObject({ code: 2 });
});

test('habits of az ml: several pairs after one --set, --yes, --no-prompt, --debug, --only-show-errors', async () => {
  await writeFile(join(cli.home, 'compute.yml'), 'name: az-habits\ntype: amlcompute\nlocation: westus\n');
  const file = ['compute', 'create', '-f', join(cli.home, 'compute.yml'), '--only-show-errors'];
  const { stdout, stderr } = await cli.run([...file, '--set', 'max_instances=2', 'tier=low_priority', '--set', 'tags.team=a']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ max_instances: 2, tier: 'low_priority', tags: { team: 'a' } });
  expect(await cli.run(['compute', 'delete', '-n', 'az-habits', '--yes', '--no-prompt', '--debug'])).toMatchObject({ code: 0 });
});

test('flags come from the environment too', async () => {
  const { stdout } = await cli.run(['compute', 'create'], {
    MALACHITE_NAME: 'cpu-cluster',
    MALACHITE_TYPE: 'amlcompute',
    MALACHITE_MAX_INSTANCES: '3',
    MALACHITE_OUTPUT: 'json',
  });
  expect(JSON.parse(stdout)).toMatchObject({ name: 'cpu-cluster', max_instances: 3 });
});

test('a model behind an endpoint: deployed, invoked, logged, its keys changed one by one', async () => {
  await cli.json('model', 'create', '-n', 'loans', '--path', fixture('models/loans.onnx'));
  await cli.json('online-endpoint', 'create', '-n', 'loans');
  const unready = await cli.run(['online-endpoint', 'update', '-n', 'loans', '--traffic', 'blue=100']);
  expect(unready).toMatchObject({ code: 2, stderr: expect.stringContaining('has no deployment "blue"') });
  const nowhere = ['online-deployment', 'create', '-n', 'blue', '-e', 'lones', '-m', fixture('models/rents.onnx')];
  expect(await cli.run(nowhere)).toMatchObject({ code: 1, stderr: expect.stringContaining('"lones" does not exist') });
  expect(await cli.json<{ name: string }[]>('model', 'list')).toMatchObject([{ name: 'loans' }]);
  const deploy = [
    'online-deployment',
    'create',
    '-n',
    'blue',
    '-e',
    'loans',
    '-m',
    'azureml:loans:1',
    '--app-insights-enabled',
    '--all-traffic',
  ];
  expect(await cli.json(...deploy)).toMatchObject({ provisioning_state: 'Succeeded' });
  const again = ['online-deployment', 'create', '-n', 'blue', '-e', 'loans', '-m', fixture('models/rents.onnx')];
  expect(await cli.run(again)).toMatchObject({ code: 1, stderr: expect.stringContaining('has a deployment "blue" already') });
  expect(await cli.json<{ name: string }[]>('model', 'list')).toMatchObject([{ name: 'loans' }]);

  const request = join(cli.home, 'request.json');
  await writeFile(request, JSON.stringify({ data: [{ income: 43.1, years_employed: 3, purpose: 'studies' }] }));
  const answer = await cli.json('online-endpoint', 'invoke', '-n', 'loans', '-r', request);
  expect(answer).toMatch(/^\{"result": \[[01]\]\}$/);
  await writeFile(request, '{"data": [{"income": 1}]}');
  const refused = await cli.run(['online-endpoint', 'invoke', '-n', 'loans', '-r', request]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/error: Failed: The endpoint answered 4\d\d: ./) });
  expect(JSON.parse(refused.stdout)).toEqual({ error: { code: 'Failed', message: expect.stringMatching(/answered 4\d\d/) } });

  const log = cli.start(['online-deployment', 'get-logs', '-n', 'blue', '-e', 'loans', '--lines', '1', '--follow']);
  await heard(log, 'stdout', '\n');
  const next = heard(log, 'stdout', 'POST /score 200');
  await writeFile(request, JSON.stringify({ data: [{ income: 43.1, years_employed: 3, purpose: 'studies' }] }));
  await cli.json('online-endpoint', 'invoke', '-n', 'loans', '-r', request);
  expect(await next).toContain('1 row');
  log.kill('SIGINT');
  expect(await once(log, 'exit')).toEqual([0, null]);

  type Keys = { primaryKey: string; secondaryKey: string };
  const before = await cli.json<Keys>('online-endpoint', 'get-credentials', '-n', 'loans');
  const after = await cli.json<Keys>('online-endpoint', 'regenerate-keys', '-n', 'loans', '--key-type', 'secondary');
  expect(after.primaryKey).toBe(before.primaryKey);
  expect(after.secondaryKey).not.toBe(before.secondaryKey);

  await cli.json('model', 'download', '-n', 'loans', '-p', join(cli.home, 'down'));
  expect(await readFile(join(cli.home, 'down/loans/loans.onnx'))).toEqual(await readFile(fixture('models/loans.onnx')));
  const busy = await cli.run(['online-deployment', 'delete', '-n', 'blue', '-e', 'loans', '--yes']);
  expect(busy).toMatchObject({ code: 1, stderr: expect.stringContaining('error: Conflict: ') });
});

test('an endpoint of tokens: the token of get-credentials opens it, a key there is not', async () => {
  await cli.json('online-endpoint', 'create', '-n', 'tokens', '--auth-mode', 'aml_token');
  const deploy = ['online-deployment', 'create', '-n', 'blue', '-e', 'tokens', '-m', 'azureml:loans:1', '--all-traffic'];
  expect(await cli.json(...deploy)).toMatchObject({ provisioning_state: 'Succeeded' });
  type Token = { accessToken: string; expiryTimeUtc: number; refreshAfterTimeUtc: number; tokenType: string };
  const token = await cli.json<Token>('online-endpoint', 'get-credentials', '-n', 'tokens');
  expect(Object.keys(token)).toEqual(['accessToken', 'expiryTimeUtc', 'refreshAfterTimeUtc', 'tokenType']);
  const { scoring_uri: uri } = await cli.json<{ scoring_uri: string }>('online-endpoint', 'show', '-n', 'tokens');
  const body = JSON.stringify({ data: [{ income: 43.1, years_employed: 3, purpose: 'studies' }] });
  const status = async (bearer: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
    return (await fetch(uri, { method: 'POST', headers, body })).status;
  };
  expect([await status(token.accessToken), await status(`${token.accessToken}x`)]).toEqual([200, 401]);
  const keys = await cli.run(['online-endpoint', 'regenerate-keys', '-n', 'tokens']);
  expect(keys).toMatchObject({ code: 2, stderr: expect.stringContaining('it has no keys; ask for a token') });
  const aad = await cli.run(['online-endpoint', 'create', '-n', 'entra', '--auth-mode', 'aad_token']);
  expect(aad.stderr).toContain('needs Microsoft Entra ID, which only Azure has');
  const log = await cli.run(['online-deployment', 'get-logs', '-n', 'blue', '-e', 'tokens']);
  expect(log.stdout).toContain('POST /score 200');
  expect(log.stdout).not.toContain(token.accessToken);
  await cli.json('online-endpoint', 'delete', '-n', 'tokens', '--yes');
});

test('a deployment with a scoring script, from YAML: its folder is uploaded, its log tells what it printed', async () => {
  await mkdir(join(cli.home, 'src'), { recursive: true });
  const script = `import { readdirSync } from 'node:fs';
    export const init = () => console.log('found', ...readdirSync(process.env.AZUREML_MODEL_DIR));
    export const run = (data) => ({ length: data.length, unit: process.env.UNIT });`;
  await writeFile(join(cli.home, 'src/score.mjs'), script);
  await writeFile(
    join(cli.home, 'green.yml'),
    'name: green\nendpoint_name: loans\nmodel: azureml:loans:1\ncode_configuration: {code: ./src, scoring_script: score.mjs}\nenvironment_variables: {UNIT: bytes}\n',
  );
  const created = await cli.json('online-deployment', 'create', '-f', join(cli.home, 'green.yml'));
  expect(created).toMatchObject({ provisioning_state: 'Succeeded', code_configuration: { scoring_script: 'score.mjs' } });
  await writeFile(join(cli.home, 'five.json'), '"abc"');
  const answer = await cli.json('online-endpoint', 'invoke', '-n', 'loans', '-d', 'green', '-r', join(cli.home, 'five.json'));
  expect(answer).toEqual({ length: 5, unit: 'bytes' });
  const log = await cli.run(['online-deployment', 'get-logs', '-n', 'green', '-e', 'loans']);
  expect(log.stdout).toContain('found loans.onnx');

  await writeFile(join(cli.home, 'src/score.mjs'), script.replace('length: data.length', 'size: data.length'));
  const update = [
    'online-deployment',
    'update',
    '-f',
    join(cli.home, 'green.yml'),
    '--set',
    'environment_variables.UNIT=letters',
  ];
  expect(await cli.json(...update)).toMatchObject({
    provisioning_state: 'Succeeded',
    environment_variables: { UNIT: 'letters' },
  });
  const changed = await cli.json('online-endpoint', 'invoke', '-n', 'loans', '-d', 'green', '-r', join(cli.home, 'five.json'));
  expect(changed).toEqual({ size: 5, unit: 'letters' });
});

test('the server ends with "down", and a new one finds everything as it was', async () => {
  const keys = await cli.json('online-endpoint', 'get-credentials', '-n', 'loans');
  const { pid } = await cli.json<{ pid: number }>('status');
  const owner = homeOwner(cli.home) as HomeOwner;
  expect(owner.pid).toBe(pid);
  expect(await cli.json('down')).toMatchObject({ stopped: true, pid });
  expect(isRunning(owner)).toBe(false);
  expect((await cli.run(['status'])).code).toBe(3);

  await cli.json('up', '--detach', '--port', '0');
  expect(await cli.json('status')).toMatchObject({ datasets: 2, compute: 1, models: 1, endpoints: 1 });
  expect(await cli.json('online-endpoint', 'get-credentials', '-n', 'loans')).toEqual(keys);
  const request = join(cli.home, 'request.json');
  await writeFile(request, JSON.stringify({ data: [{ income: 43.1, years_employed: 3, purpose: 'studies' }] }));
  expect(await cli.json('online-endpoint', 'invoke', '-n', 'loans', '-r', request)).toContain('result');
});

test('a second "up" names the server that runs instead of starting another', async () => {
  const { url } = await cli.json<{ url: string }>('status');
  const second = await cli.run(['up', '--port', '0', '-o', 'json']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ url });
  expect(second.stderr).toContain(`already, at ${url}.\n`);
  const elsewhere = await cli.run(['up', '-o', 'json'], { MALACHITE_PORT: '10999' });
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({ url });
  expect(elsewhere.stderr).toContain(`already, at ${url}. Port 10999 is not used`);
});
