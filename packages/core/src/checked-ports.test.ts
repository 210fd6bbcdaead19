import { expect, test } from 'vitest';
import { checkedPorts } from './checked-ports.ts';
import { MalachiteError } from './errors.ts';
import type { Training } from './training.ts';
import type { Ports } from './workspace.ts';

/** Ports whose every call answers with what it was given. */
const echo = new Proxy({} as Ports, {
  get: () => new Proxy({}, { get: () => (input: unknown) => input }),
});
const { training } = checkedPorts(echo, () => true);
const job = { type: 'automl', task: 'classification', trainingData: { path: 'azureml:bank' }, targetColumnName: 'y' } as const;

/** What a caller without types sends. */
async function refusal(input: unknown): Promise<string> {
  const error: unknown = await training.submit(input as Parameters<Training['submit']>[0]).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(MalachiteError);
  expect((error as MalachiteError).code).toBe('InvalidInput');
  return (error as MalachiteError).message;
}

test('an input that its schema takes goes through, fields that are undefined too', async () => {
  expect(await training.submit({ ...job, name: undefined })).toMatchObject(job);
});

test('what is wrong is named by its field', async () => {
  expect(await refusal({ ...job, targetColumn: 'y' })).toBe('Submit a job: the input has no field "targetColumn".');
  const { targetColumnName: _, ...withoutTarget } = job;
  expect(await refusal({ ...withoutTarget, task: 'x' })).toBe('Submit a job: the input lacks "targetColumnName".');
  expect(await refusal({ ...job, task: 'clustering' })).toBe('Submit a job: task must be one of classification, regression.');
  expect(await refusal({ ...job, limits: { maxTrials: 0 } })).toBe('Submit a job: limits.maxTrials must be >= 1.');
  expect(await refusal({ ...job, name: '../escape' })).toContain('name must match');
});

test('an iterable refuses when it is read', async () => {
  const events = training.events({ name: '../escape' });
  await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'InvalidInput' });
});

test('once closed, every call is Unavailable', async () => {
  const closed = checkedPorts(echo, () => false);
  await expect(closed.training.submit(job)).rejects.toMatchObject({ code: 'Unavailable' });
  await expect(Array.fromAsync(closed.training.events({ name: 'a' }))).rejects.toMatchObject({ code: 'Unavailable' });
  await expect(closed.datastore.put(new ReadableStream())).rejects.toMatchObject({ code: 'Unavailable' });
});
