import type { AutoMLResult, Job } from '@malachite/core';
import { expect, it } from 'vitest';
import { happenings } from './job-events.ts';

const times = { createdAt: '2026-01-01T00:00:00.000Z', startTime: '2026-01-01T00:00:01.000Z', endTime: null };
const nothing = { guardrails: [], trials: [] } as unknown as AutoMLResult;
const told = (status: Job['status']) => [...happenings({ ...times, status, error: null } as Job, nothing, false).keys()];

it('a job that is being prepared has a start, and is not running yet', () => {
  expect(told('Preparing')).toEqual(['Queued', 'Preparing']);
  expect(told('Running')).toEqual(['Queued', 'Running']);
  expect(told('Completed')).toEqual(['Queued', 'Running', 'Completed']);
});
