import type { Compute } from '@malachite/core';
import { beforeEach, expect, test } from 'vitest';
import { temporaryContext } from '../test-home.ts';
import { localCompute } from './compute.ts';

const jobs = new Map<string, { running: number; queued: number }>();
let compute: Compute;

beforeEach(() => {
  jobs.clear();
  compute = localCompute(temporaryContext(), (name) => jobs.get(name) ?? { running: 0, queued: 0 });
});

test('A cluster has the defaults of Azure', async () => {
  const made = await compute.create({ name: 'cpu' });
  expect(made).toMatchObject({
    name: 'cpu',
    type: 'amlcompute',
    size: 'Standard_DS3_v2',
    tier: 'dedicated',
    minInstances: 0,
    maxInstances: 4,
    idleTimeBeforeScaleDown: 120,
    provisioningState: 'Succeeded',
    allocationState: 'Steady',
    runningNodeCount: 0,
    idleNodeCount: 0,
  });
  expect(await compute.get({ name: 'CPU' })).toEqual(made);
  expect(await compute.list({})).toEqual([made]);
});

test('Created again it is updated, and keeps what is not given and the time it was made', async () => {
  const made = await compute.create({ name: 'cpu', size: 'Standard_D2', maxInstances: 2, tags: { a: 'b' } });
  const again = await compute.create({ name: 'CPU', maxInstances: 6 });
  expect(again).toMatchObject({ name: 'cpu', size: 'Standard_D2', maxInstances: 6, createdAt: made.createdAt });
  const other = { name: 'cpu', size: 'STANDARD_D4', tier: 'low_priority' } as const;
  expect(await compute.create(other)).toMatchObject({ ...other, createdAt: made.createdAt });
  expect(await compute.create({ name: 'cpu', size: 'Standard_D4', maxInstances: 6 })).toMatchObject({
    ...other,
    size: 'Standard_D4',
  });
  expect(await compute.update({ name: 'cpu', minInstances: 3 })).toMatchObject({
    minInstances: 3,
    maxInstances: 6,
    size: 'Standard_D4',
  });
  expect((await compute.list({})).length).toBe(1);
});

test('Nodes are what the scheduler says', async () => {
  await compute.create({ name: 'cpu', minInstances: 2, maxInstances: 3 });
  expect(await compute.get({ name: 'cpu' })).toMatchObject({ runningNodeCount: 0, idleNodeCount: 2, allocationState: 'Steady' });
  jobs.set('cpu', { running: 1, queued: 1 });
  expect(await compute.get({ name: 'cpu' })).toMatchObject({
    runningNodeCount: 1,
    idleNodeCount: 1,
    allocationState: 'Resizing',
  });
});

test('A cluster with jobs cannot be deleted; without, it is gone', async () => {
  await compute.create({ name: 'cpu' });
  jobs.set('cpu', { running: 1, queued: 2 });
  await expect(compute.delete({ name: 'cpu' })).rejects.toThrow(/1 running and 2 waiting jobs/);
  jobs.clear();
  await compute.delete({ name: 'cpu' });
  await expect(compute.get({ name: 'cpu' })).rejects.toMatchObject({ code: 'NotFound' });
  await expect(compute.delete({ name: 'cpu' })).rejects.toMatchObject({ code: 'NotFound' });
});

test.each([
  [{ name: 'Serverless' }, 'Conflict'],
  [{ name: '1cpu' }, 'InvalidInput'],
  [{ name: 'a'.repeat(33) }, 'InvalidInput'],
  [{ name: 'cpu', minInstances: 5, maxInstances: 4 }, 'InvalidInput'],
])('%j is a %s', async (input, code) => {
  await expect(compute.create(input)).rejects.toMatchObject({ code });
  expect(await compute.list({})).toEqual([]);
});
