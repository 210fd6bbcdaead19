/** Unmodified clients with only environment variables set: Azure's Python client in the course, MLflow 2 and 3. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankCsv, bankRows } from '../../packages/core/src/contract/bank.ts';
import { interpreter, root, type Served, serve, whyNot } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
}, 120_000);
afterAll(() => served?.close(), 60_000);

const minutes = 5 * 60_000;

describe('azure-ai-ml', () => {
  const python = interpreter('azure');
  it.skipIf(!python)(
    python ? 'plays the course, from the data to predictions and logs' : `the course: ${whyNot}`,
    async () => {
      const csv = join(served.home, 'bank.csv');
      writeFileSync(csv, bankCsv(bankRows(400)));
      const said = await served.run(python as string, [join(root, 'examples', 'azure', 'course.py'), csv, '--target', 'y']);
      expect(said).toContain('ITERATION   PIPELINE');
      expect(said).toMatch(/trials: [3-5]\nbest: \w+_\d AUC_weighted 0\.9/);
      expect(said).toMatch(/predictions: (\["(yes|no)|"\{)/);
      expect(said).toMatch(/log: .*malachite - /);
      expect(said.trim().split('\n')).toContain('done');
    },
    minutes,
  );
});

type Tracked = Record<string, unknown>;
const track = async (python: string, ...args: string[]): Promise<Tracked> => {
  const said = await served.run(python, [join(root, 'tests', 'interop', 'track.py'), ...args]);
  return JSON.parse(said.split('\n').find((line) => line.startsWith('{"mlflow"')) ?? '{}') as Tracked;
};

describe.each([
  ['2', 'azure'],
  ['3', 'mlflow3'],
] as const)('mlflow %s', (major, name) => {
  const python = interpreter(name);
  const expected = {
    mlflow: expect.stringMatching(new RegExp(`^${major}\\.`)),
    status: 'FINISHED',
    max_iter: '500',
    metrics: expect.arrayContaining(['gap', 'loss', 'training_accuracy_score']),
    history: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5],
    artifacts: expect.arrayContaining(['notes', 'training_confusion_matrix.png']),
    notes: 'hello',
    registered: expect.arrayContaining(['iris-model']),
    predictions: [0, 0, 0],
  };
  it.skipIf(!python)(
    python ? 'autologs, searches and registers over a plain tracking URI' : `mlflow ${major}: ${whyNot}`,
    async () => expect(await track(python as string)).toMatchObject(expected),
    minutes,
  );
  it.skipIf(!python)(
    python ? "does so through Azure's plugin, azureml://" : `azureml-mlflow with mlflow ${major}: ${whyNot}`,
    async () => {
      const { AZURE_SUBSCRIPTION_ID: sub, AZURE_RESOURCE_GROUP: group, ARM_CLOUD_METADATA_URL: url = '' } = served.variables;
      const workspace = `/subscriptions/${sub}/resourceGroups/${group}/providers/Microsoft.MachineLearningServices/workspaces/local`;
      expect(await track(python as string, `azureml://${new URL(url).host}/mlflow/v1.0${workspace}`)).toMatchObject(expected);
    },
    minutes,
  );
});

it('tells no secret in the log of the server', () => {
  const log = join(served.home, 'home', 'logs', 'server.log');
  const secret = served.variables.IDENTITY_HEADER as string;
  const text = readFileSync(log, 'utf8');
  expect(text.length).toBeGreaterThan(0);
  expect(text).not.toContain(secret);
  // Addresses with a permission in them are told without it.
  expect(text).not.toMatch(/[?&]sig=[^…]/);
});
