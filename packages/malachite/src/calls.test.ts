/** How a call ends: exit code, one line of error, and what goes where. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, testCli } from './test-cli.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await testCli();
});
afterAll(() => cli.remove());

describe('a call that cannot be', () => {
  test.each([
    ['data lst', "error: InvalidInput: Unknown command 'lst'. Did you mean list?"],
    ['data list --otput json', "error: InvalidInput: Unknown option '--otput'. Did you mean --output?"],
    ['data list -o jsn', 'error: InvalidInput: --output takes json, table, yaml, tsv, none; not "jsn".'],
    ['environment create -f env.yml', 'error: NotSupported: Environments are not there yet'],
    ['job validate -f job.yml', 'error: NotSupported: "job create" checks everything'],
    ['up --port 70000', 'error: InvalidInput: --port takes a whole number from 0 to 65535; not "70000".'],
    ['job create -f nowhere.yml', 'error: InvalidInput: "nowhere.yml" cannot be read: no such file.'],
    ['inspect nowhere.onnx', 'error: InvalidInput: The model "nowhere.onnx" does not exist.'],
  ])('%s: exit code 2 and one line', async (line, sentence) => {
    const { code, stderr } = await cli.run(line.split(' '));
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  test('with -o json the error is an object on stdout too', async () => {
    const { stdout } = await cli.run(['data', 'lst', '-o', 'json']);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'InvalidInput', message: "Unknown command 'lst'. Did you mean list?" } });
  });

  test('without a server: exit code 3, and how to start one', async () => {
    const { code, stderr, stdout } = await cli.run(['data', 'list', '-o', 'json']);
    expect(code).toBe(3);
    expect(stderr).toContain('Start one: malachite up');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'Unavailable' } });
  });

  test('Azure without a workspace says what is missing', async () => {
    const { code, stderr } = await cli.run(['data', 'list'], { MALACHITE_BACKEND: 'azure' });
    expect(code).toBe(2);
    expect(stderr).toContain('error: InvalidInput: Which workspace of Azure? Set AZURE_SUBSCRIPTION_ID');
    const up = await cli.run(['up', '--port', '70000'], { MALACHITE_BACKEND: 'azure' });
    expect(up.stderr).toContain('warning: MALACHITE_BACKEND is azure: other commands with this environment go to Azure');
  });
});

test('--version is the program’s only before a command; behind one it is of an asset, as in az', async () => {
  expect((await cli.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { code, stderr } = await cli.run(['model', 'show', '-n', 'bank', '--version', '1']);
  expect(code).toBe(3);
  expect(stderr).toContain('No Malachite server runs');
});

test('a long flag is cut short as in az, where only one begins so', async () => {
  const { code, stderr } = await cli.run(['online-deployment', 'get-logs', '--endpoint=bank', '--na', 'blue']);
  expect(stderr).toContain('No Malachite server runs');
  expect(code).toBe(3);
  const two = await cli.run(['job', 'create', '--s', 'x', '-f', 'job.yml']);
  expect(two.stderr).toContain("error: InvalidInput: Unknown option '--s'");
});

test('every command has help with an example that is a call of it', async () => {
  const { commands } = await import('./commands/index.ts');
  const calls = commands.flatMap((entry) =>
    'commands' in entry ? entry.commands.map((command) => [entry.name, command] as const) : [['', entry] as const],
  );
  for (const [noun, { name, example, describe: words }] of calls) {
    expect(example).toContain(`malachite ${noun ? `${noun} ` : ''}${name}`);
    expect(words.endsWith('.'), words).toBe(true);
  }
  const { code, stdout } = await cli.run(['data', 'create', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('$ malachite data create -n bank --path bank.csv');
});
