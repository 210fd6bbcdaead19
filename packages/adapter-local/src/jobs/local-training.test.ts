import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AutoMLJob, type JobEvent, jobCompletion, type Workspace } from '@malachite/core';
import { servable } from '@malachite/onnx';
import { expect, onTestFinished, test } from 'vitest';
import { createTable, learnableCsv } from '../test-data.ts';
import { temporaryHome } from '../test-home.ts';
import { openLocalWorkspace } from '../workspace.ts';

async function room(home = temporaryHome()): Promise<Workspace> {
  const workspace = await openLocalWorkspace({ home });
  onTestFinished(() => workspace.close());
  return workspace;
}

const quick: AutoMLJob = {
  type: 'automl',
  task: 'classification',
  trainingData: { path: 'azureml:people' },
  targetColumnName: 'y',
  limits: { maxTrials: 3, maxConcurrentTrials: 1 },
  training: { enableVoteEnsemble: false },
};
/** More trials than anybody waits for. */
const long: AutoMLJob = {
  ...quick,
  limits: { maxTrials: 1000, maxConcurrentTrials: 1, timeoutMinutes: 10, enableEarlyTermination: false },
};

const statusesIn = (events: readonly JobEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'status' ? [event.status] : []));

/** Reads a job's events until one satisfies `found`. */
async function until(workspace: Workspace, name: string, found: (event: JobEvent) => boolean): Promise<JobEvent> {
  for await (const event of workspace.training.events({ name })) if (found(event)) return event;
  throw new Error(`The events of ${name} ended before the one that was waited for.`);
}

/** The process that works on a job, and the time it has used, from where the workspace keeps them. */
function progressOf(home: string, name: string): { pid: number; usedSeconds: number } {
  const db = new DatabaseSync(join(home, 'malachite.db'), { readOnly: true });
  try {
    const row = db.prepare('SELECT process, used_seconds FROM jobs WHERE name = ?').get(name);
    return { pid: Number(String(row?.process).split(' ')[0]), usedSeconds: Number(row?.used_seconds) };
  } finally {
    db.close();
  }
}

const isTrial = (event: JobEvent): boolean => event.type === 'trial';

test('a job goes through its states to a leaderboard of models that can be served, and leaves its files', async () => {
  const workspace = await room();
  await createTable(workspace, 'people');
  const { training } = workspace;
  const submitted = await training.submit({ ...quick, name: 'first', experimentName: 'people', tags: { a: 'b' } });
  expect(submitted.status).toBe('Queued');
  const early = Array.fromAsync(training.events({ name: 'first' }));
  const job = await jobCompletion(training, 'first');
  expect(job).toMatchObject({ status: 'Completed', error: null, tags: { a: 'b' }, compute: 'serverless' });
  expect(Date.parse(job.endTime ?? '')).toBeGreaterThanOrEqual(Date.parse(job.startTime ?? ''));

  const events = await early;
  expect(statusesIn(events)).toEqual(['Queued', 'Preparing', 'Running', 'Finalizing', 'Completed']);
  expect(events.map((event) => event.sequence)).toEqual(events.map((_, i) => i + 1));
  expect(await Array.fromAsync(training.events({ name: 'first' }))).toEqual(events);
  expect(await Array.fromAsync(training.events({ name: 'first', after: 3 }))).toEqual(events.slice(3));
  expect(await Array.fromAsync(training.events({ name: 'first', after: events.length }))).toEqual([]);

  const result = await training.result({ name: 'first' });
  expect(result.trials.map((trial) => trial.name).toSorted()).toEqual(['first_0', 'first_1', 'first_2']);
  expect(result.trials.every((trial) => trial.status === 'Completed' && trial.parity?.withinTolerance)).toBe(true);
  expect(result.bestTrial).toBe(result.trials[0]?.name);
  expect(result.guardrails.length).toBeGreaterThan(0);
  expect(result.explanation?.features.length).toBeGreaterThan(0);
  expect(await training.metrics({ name: 'first' })).toEqual(result.trials[0]?.metrics);
  expect(await training.metrics({ name: 'first_1' })).toEqual(result.trials.find(({ name }) => name === 'first_1')?.metrics);

  const paths = (await training.artifacts({ name: 'first' })).map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'outputs/best_model/MLmodel',
      'outputs/best_model/model.onnx',
      'outputs/verifier_results.json',
      'user_logs/std_log.txt',
    ]),
  );
  const read = async (name: string, path: string): Promise<Buffer> =>
    Buffer.concat(await Array.fromAsync(training.artifact({ name, path })));
  expect((await read('first', 'user_logs/std_log.txt')).toString()).toContain('ITERATION   PIPELINE');
  const best = await read('first', 'outputs/best_model/model.onnx');
  expect(servable(best).signature.inputs.length).toBeGreaterThan(0);
  expect((await read(result.bestTrial ?? '', 'outputs/model.onnx')).equals(best)).toBe(true);
  const trialPaths = (await training.artifacts({ name: 'first_0' })).map(({ path }) => path);
  expect(trialPaths).toEqual(expect.arrayContaining(['accuracy_table', 'confusion_matrix', 'outputs/mlflow-model/MLmodel']));
  await expect(read('first', '../../malachite.db')).rejects.toMatchObject({ code: 'NotFound' });

  const model = await workspace.models.create({ name: 'people', path: 'azureml://jobs/first/outputs/best_model' });
  expect(model).toMatchObject({ trialName: result.bestTrial, jobName: 'first', parity: { withinTolerance: true } });
  await expect(training.cancel({ name: 'first' })).rejects.toMatchObject({ code: 'Conflict' });
  await expect(training.submit({ ...quick, name: 'first' })).rejects.toMatchObject({ code: 'Conflict' });
  await expect(training.submit({ ...quick, name: 'first_7' })).rejects.toMatchObject({ code: 'Conflict' });
});

test('a job that cannot learn fails with the reason', async () => {
  const workspace = await room();
  await createTable(workspace, 'people', 'a,y\n1,yes\n2,yes\n');
  const { name } = await workspace.training.submit(quick);
  const job = await jobCompletion(workspace.training, name);
  expect(job).toMatchObject({ status: 'Failed', error: { code: 'InvalidInput', message: expect.stringMatching(/\w+/) } });
});

test('a canceled job keeps its finished trials; one that waits is canceled at once', async () => {
  const workspace = await room();
  const { training, compute } = workspace;
  await createTable(workspace, 'people');
  await compute.create({ name: 'single', maxInstances: 1 });
  const runs = await training.submit({ ...long, name: 'runs', compute: 'single' });
  const waits = await training.submit({ ...long, name: 'waits', compute: 'single' });
  await until(workspace, runs.name, isTrial);
  expect((await training.get({ name: waits.name })).status).toBe('Queued');
  expect(await compute.get({ name: 'single' })).toMatchObject({ runningNodeCount: 1 });
  expect((await training.cancel({ name: waits.name })).status).toBe('Canceled');
  expect((await training.cancel({ name: runs.name })).status).toBe('CancelRequested');
  expect((await jobCompletion(training, runs.name)).status).toBe('Canceled');
  const events = await Array.fromAsync(training.events({ name: runs.name }));
  expect(statusesIn(events)).toEqual(['Queued', 'Preparing', 'Running', 'CancelRequested', 'Canceled']);
  const { trials } = await training.result({ name: runs.name });
  expect(trials.length).toBeGreaterThan(0);
  const [first] = trials;
  const model = await workspace.models.create({ name: 'kept', path: `runs:/${first?.name}/outputs/model.onnx` });
  expect(model.trialName).toBe(first?.name);
});

test('a compute runs as many jobs as it has nodes; a node more starts the next', async () => {
  const workspace = await room();
  const { training, compute } = workspace;
  await createTable(workspace, 'people');
  await compute.create({ name: 'cluster', maxInstances: 1 });
  const { name: first } = await training.submit({ ...long, compute: 'cluster' });
  const { name: second } = await training.submit({ ...long, compute: 'cluster' });
  await until(workspace, first, isTrial);
  expect((await training.get({ name: second })).status).toBe('Queued');
  await expect(compute.delete({ name: 'cluster' })).rejects.toMatchObject({ code: 'Conflict' });
  await compute.update({ name: 'cluster', maxInstances: 2 });
  await until(workspace, second, (event) => event.type === 'status' && event.status === 'Running');
  expect((await training.get({ name: first })).status).toBe('Running');
});

test('a home that is opened again goes on with the jobs that ran and those that waited', async () => {
  const home = temporaryHome();
  const first = await room(home);
  await createTable(first, 'people', learnableCsv(300));
  await first.compute.create({ name: 'single', maxInstances: 1 });
  const limits = { maxTrials: 8, maxConcurrentTrials: 1, enableEarlyTermination: false };
  await first.training.submit({ ...quick, name: 'runs', compute: 'single', limits });
  await first.training.submit({ ...quick, name: 'waits', compute: 'single' });
  const trial = await until(first, 'runs', isTrial);
  await first.close();
  // The time that it used is kept, and that in which the workspace is closed does not count.
  const { usedSeconds } = progressOf(home, 'runs');
  expect(usedSeconds).toBeGreaterThan(trial.type === 'trial' ? trial.trial.finishedAtSeconds : Number.POSITIVE_INFINITY);

  const second = await room(home);
  const job = await jobCompletion(second.training, 'runs');
  expect(job).toMatchObject({ status: 'Completed', error: null });
  const events = await Array.fromAsync(second.training.events({ name: 'runs' }));
  const trials = events.flatMap((event) => (event.type === 'trial' ? [event.trial.name] : []));
  expect(new Set(trials).size).toBe(trials.length);
  expect((await second.training.result({ name: 'runs' })).trials.length).toBe(8);
  expect((await jobCompletion(second.training, 'waits')).status).toBe('Completed');
});

test('a job process that is killed is started again and goes on; no trial is lost or made twice', async () => {
  const home = temporaryHome();
  const workspace = await room(home);
  const { training } = workspace;
  await createTable(workspace, 'people');
  const { name } = await training.submit({
    ...quick,
    limits: { maxTrials: 10, maxConcurrentTrials: 1, enableEarlyTermination: false },
  });
  const first = await until(workspace, name, isTrial);
  process.kill(progressOf(home, name).pid, 'SIGKILL');
  const told = await until(
    workspace,
    name,
    (event) => event.type === 'log' && event.level === 'warning' && /SIGKILL/.test(event.message),
  );
  expect(told).toMatchObject({ message: expect.stringContaining('restart 1 of 3') });
  expect((await jobCompletion(training, name)).status).toBe('Completed');
  const events = await Array.fromAsync(training.events({ name }));
  expect(events).toContainEqual(first);
  const trials = events.flatMap((event) => (event.type === 'trial' ? [event.trial.name] : []));
  expect(new Set(trials).size).toBe(trials.length);
  expect(trials.length).toBe(10);
  // Its clock is the wall's: the time of the process that was killed, and that of the restart, are used.
  const timesOf = (status: string): number[] =>
    events.flatMap((event) => (event.type === 'status' && event.status === status ? [Date.parse(event.time)] : []));
  const [[began = 0], [, again = 0]] = [timesOf('Preparing'), timesOf('Running')];
  const later = events.filter((event) => event.type === 'trial' && Date.parse(event.time) > again);
  expect(later.length).toBeGreaterThan(0);
  for (const event of later) {
    const finished = event.type === 'trial' ? event.trial.finishedAtSeconds : 0;
    expect(finished).toBeGreaterThan((again - began) / 1000);
    expect(finished).toBeLessThan((Date.parse(event.time) - began) / 1000);
  }
});

test('a job whose process is killed again and again fails and says so', async () => {
  const home = temporaryHome();
  const workspace = await room(home);
  await createTable(workspace, 'people');
  const { name } = await workspace.training.submit(long);
  for await (const event of workspace.training.events({ name })) {
    if (event.type === 'status' && event.status === 'Running') process.kill(progressOf(home, name).pid, 'SIGKILL');
  }
  const job = await workspace.training.get({ name });
  expect(job).toMatchObject({ status: 'Failed', error: { message: expect.stringContaining('after 3 restarts') } });
});
