import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cli, fixture, testCli } from '../test-cli.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await testCli();
  await cli.json('up', '--detach', '--port', '0');
  await cli.json('data', 'create', '-n', 'bank', '--path', fixture('bank-marketing/bank-marketing-synthetic.csv'));
});
afterAll(() => cli.remove());

const pipeline = `type: pipeline
experiment_name: bank-train
jobs:
  train:
    type: automl
    task: classification
    training_data: {type: uri_file, path: azureml:bank:1}
    target_column_name: y
    limits: {timeout_minutes: 5}
`;

type Listed = { name: string; type: string; status: string };

test('a pipeline run is among the jobs: created, listed, shown, canceled and streamed by its name', async () => {
  const file = join(cli.home, 'pipeline.yml');
  await writeFile(file, pipeline);
  const { name } = await cli.json<Listed>('job', 'create', '-f', file);
  const shown = await cli.json<Listed>('job', 'show', '-n', name);
  expect(shown).toMatchObject({ name, id: name, type: 'pipeline', experiment_name: 'bank-train', display_name: 'train' });

  expect(await cli.json('job', 'list', '-e', 'bank-train')).toContainEqual(expect.objectContaining({ name, type: 'pipeline' }));
  expect(await cli.json('job', 'list', '-e', 'another')).toEqual([]);
  expect((await cli.run(['job', 'list', '-o', 'table'])).stdout).toMatch(new RegExp(`^${name} +pipeline `, 'm'));

  expect(await cli.json('job', 'cancel', '-n', name)).toMatchObject({ name, type: 'pipeline' });
  const streamed = await cli.run(['job', 'stream', '-n', name, '-o', 'json']);
  expect(streamed).toMatchObject({ code: 1, stderr: expect.stringContaining(`run ${name}: Canceled`) });
  expect(JSON.parse(streamed.stdout)).toMatchObject({ name, type: 'pipeline', status: 'Canceled' });
  expect(await cli.json('job', 'list', '--status', 'Canceled')).toContainEqual(expect.objectContaining({ name }));
});

test('a name that is neither a job nor a run is not found, in one sentence', async () => {
  expect(await cli.run(['job', 'show', '-n', 'nobody'])).toMatchObject({
    code: 1,
    stderr: 'error: NotFound: Job "nobody" does not exist.\n',
  });
});
