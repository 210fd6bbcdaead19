import { terminalJobStatuses } from '@malachite/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bankCsv, bankRows } from '../../../core/src/contract/bank.ts';
import { startTestAzure, type TestAzure } from '../test-azure.ts';
import { followResults } from './results.ts';

let azure: TestAzure;
beforeAll(async () => {
  azure = await startTestAzure();
  const { sha256 } = await azure.workspace.datastore.put(bytes(bankCsv(bankRows(200))));
  await azure.workspace.datasets.create({ name: 'bank', type: 'uri_file', files: [{ path: 'bank.csv', sha256 }] });
}, 60_000);
afterAll(() => azure.close());

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

test('a result is read when the job has gone on, not at every question, and in the end it is the workspace’s own', async () => {
  const { training } = azure.workspace;
  let reads = 0;
  const results = followResults({
    ...training,
    result(input) {
      reads += 1;
      return training.result(input);
    },
  });
  const { name } = await training.submit({
    type: 'automl',
    task: 'classification',
    trainingData: { path: 'azureml:bank@latest' },
    targetColumnName: 'y',
    limits: { maxTrials: 3 },
  });
  let asked = 0;
  const seen = new Set<number>();
  for await (const _ of training.events({ name })) {
    const job = await training.get({ name });
    for (let i = 0; i < 20; i++, asked++) seen.add((await results.of(job)).trials.length);
  }
  const ended = await training.get({ name });
  expect(terminalJobStatuses.has(ended.status)).toBe(true);
  expect(await results.of(ended)).toEqual(await training.result({ name }));
  expect(seen.size).toBeGreaterThan(1);
  expect(reads).toBeLessThan(asked / 4);
  results.close();
}, 60_000);

test('an explanation lies with the trial that it is of, as on Azure, and with no other', async () => {
  const { training } = azure.workspace;
  const [job] = await training.list({});
  const { bestTrial, trials } = await training.result({ name: job?.name ?? '' });
  const explained = async (run: string) => {
    const { body } = await azure.ask('GET', `/history/v1.0${azure.prefix}/runs/${run}/artifacts?path=explanation/`);
    return (body as { value: { path: string }[] }).value.some(({ path }) => path.endsWith('/global_names/0.interpret.json'));
  };
  expect(await Promise.all(trials.map(({ name }) => explained(name)))).toEqual(trials.map(({ name }) => name === bestTrial));
});
