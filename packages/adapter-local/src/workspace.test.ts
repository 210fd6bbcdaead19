import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { jobCompletion, pipelineCompletion, type Trial, type Workspace } from '@malachite/core';
import { expect, onTestFinished, test } from 'vitest';
import { isSameProcess } from './store/process-identity.ts';
import { createTable, learnableCsv } from './test-data.ts';
import { temporaryHome } from './test-home.ts';
import { openLocalWorkspace } from './workspace.ts';

const owner = fileURLToPath(new URL('./workspace.test-owner.ts', import.meta.url));

async function open(home: string): Promise<Workspace> {
  const workspace = await openLocalWorkspace({ home });
  onTestFinished(() => workspace.close());
  await workspace.restored;
  return workspace;
}

type Acknowledged = ReadonlyMap<string, readonly unknown[]>;

/** Lets a process own the home until `isEnough` of what it has acknowledged, and kills it. What it acknowledged, by kind. */
async function killedOwner(home: string, isEnough: (acknowledged: Acknowledged) => boolean): Promise<Acknowledged> {
  const child = spawn(process.execPath, [owner, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged = new Map<string, unknown[]>();
  for await (const line of createInterface({ input: child.stdout })) {
    const { kind, value } = JSON.parse(line) as { kind: string; value: unknown };
    acknowledged.set(kind, [...(acknowledged.get(kind) ?? []), value]);
    if (isEnough(acknowledged)) child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
}

/** The processes that the home's database names and that still run. */
function processesOf(home: string): string[] {
  const db = new DatabaseSync(join(home, 'malachite.db'), { readOnly: true });
  try {
    const rows = db.prepare('SELECT process FROM jobs UNION SELECT process FROM endpoints').all();
    const identities = rows.map(({ process: identity }) => String(identity ?? ''));
    return identities.filter((identity) => {
      const [pid = '', start = ''] = identity.split(' ');
      return start !== '' && isSameProcess(Number(pid), start);
    });
  } finally {
    db.close();
  }
}

test('a workspace whose process is killed in the middle of its work loses nothing that it acknowledged, and goes on', async () => {
  const home = temporaryHome();
  const acknowledged = await killedOwner(home, (each) => each.get('trial')?.length === 2);
  await expect.poll(() => processesOf(home)).toEqual([]);
  const workspace = await open(home);
  const { deployment, pipelines, training } = workspace;

  expect(await workspace.datasets.get({ name: 'people' })).toEqual(acknowledged.get('dataset')?.[0]);
  expect((await workspace.models.get({ name: 'adder' })).version).toBe('1');
  expect(await deployment.getEndpoint({ name: 'adder' })).toEqual(acknowledged.get('endpoint')?.[0]);
  expect(await deployment.keys({ name: 'adder' })).toEqual(acknowledged.get('keys')?.[0]);
  const answer = await deployment.invoke({ name: 'adder', body: '{"Inputs": {"data": [{"x": 1}]}}' });
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('2.0') });

  const jobName = String(acknowledged.get('job')?.[0]);
  expect((await jobCompletion(training, jobName)).status).toBe('Completed');
  const { trials } = await training.result({ name: jobName });
  for (const trial of acknowledged.get('trial') as Trial[]) expect(trials).toContainEqual(trial);
  expect(trials.length).toBe(8);

  const run = await pipelineCompletion(pipelines, String(acknowledged.get('run')?.[0]));
  expect(run).toMatchObject({ status: 'Finished', runSource: 'SDK' });
  expect(run.steps.map((step) => [step.name, step.status])).toEqual([
    ['train', 'Finished'],
    ['register', 'Finished'],
  ]);
  expect(await workspace.models.get({ name: 'people' })).toMatchObject({ version: '1', jobName });
});

test.each(['dataset', 'model', 'endpoint', 'schedule', 'run'])(
  'killed as soon as it has acknowledged a %s, it has it',
  async (last) => {
    const home = temporaryHome();
    const acknowledged = await killedOwner(home, (each) => each.has(last));
    const { datasets, models, deployment, pipelines } = await open(home);
    const now: Record<string, () => Promise<unknown>> = {
      dataset: () => datasets.get({ name: 'people' }),
      model: async () => `azureml:adder:${(await models.get({ name: 'adder' })).version}`,
      endpoint: () => deployment.getEndpoint({ name: 'adder' }),
      keys: () => deployment.keys({ name: 'adder' }),
      pipeline: () => pipelines.get({ id: 'train' }),
      schedule: async () => (await pipelines.listSchedules())[0],
      run: async () => (await pipelines.runs({}))[0]?.id,
    };
    for (const [kind, read] of Object.entries(now)) {
      if (acknowledged.has(kind)) expect(await read()).toEqual(acknowledged.get(kind)?.[0]);
    }
  },
);

test('a home is one folder: moved to another place while closed, it is the same workspace', async () => {
  const home = temporaryHome();
  const first = await open(home);
  await createTable(first, 'people');
  await first.deployment.createEndpoint({ name: 'adder' });
  const keys = await first.deployment.keys({ name: 'adder' });
  await first.close();
  const copy = temporaryHome();
  cpSync(home, copy, { recursive: true });
  const second = await open(copy);
  expect((await second.datasets.preview({ name: 'people', limit: 1 })).rows).toHaveLength(1);
  expect(await second.deployment.keys({ name: 'adder' })).toEqual(keys);
});

test('an open home cannot be opened twice; a closed one can', async () => {
  const home = temporaryHome();
  const first = await open(home);
  await expect(openLocalWorkspace({ home })).rejects.toMatchObject({ code: 'Conflict' });
  await first.close();
  await (await open(home)).close();
});

test('a schedule fires once for each new version, also for those that came while the pipeline was not watched', async () => {
  const home = temporaryHome();
  const first = await open(home);
  await createTable(first, 'people', learnableCsv(300, 1));
  const { id } = await first.pipelines.publish({
    name: 'train',
    pipeline: {
      inputs: { data: { path: 'azureml:people@latest' } },
      jobs: {
        train: {
          type: 'automl',
          task: 'classification',
          targetColumnName: 'y',
          trainingData: { path: '${{parent.inputs.data}}' },
          limits: { maxTrials: 1, maxConcurrentTrials: 1 },
        },
      },
    },
  });
  const trigger = { type: 'dataset', datasetName: 'people' } as const;
  await first.pipelines.createSchedule({ name: 'daily', pipelineId: 'train', trigger });
  expect(await first.pipelines.runs({ pipelineId: id })).toEqual([]);
  await createTable(first, 'people', learnableCsv(300, 2));
  await createTable(first, 'people', learnableCsv(300, 2));
  await createTable(first, 'people', learnableCsv(300, 3));
  // Closing right away: what has not fired yet fires when the home is opened again.
  await first.close();
  const second = await open(home);
  await expect.poll(async () => (await second.pipelines.listSchedules())[0]?.lastVersion).toBe('3');
  const runs = (await second.pipelines.runs({ pipelineId: 'train' })).toReversed();
  expect(runs.map((run) => run.runSource)).toEqual(['Schedule', 'Schedule']);
  const data: string[] = [];
  for (const run of runs) {
    const { status, steps } = await pipelineCompletion(second.pipelines, run.id);
    expect(status).toBe('Finished');
    data.push((await second.training.get({ name: String(steps[0]?.jobName) })).spec.trainingData.path);
  }
  expect(data).toEqual(['azureml:people:2', 'azureml:people:3']);
});
