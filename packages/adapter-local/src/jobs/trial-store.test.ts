import type { TrialRecord } from '@malachite/automl';
import { expect, test } from 'vitest';
import { openChanges } from '../changes.ts';
import { temporaryContext } from '../test-home.ts';
import { adder, recordJob } from '../test-models.ts';
import { openJobRecords } from './job-records.ts';
import { restoreTrial, storeTrial } from './trial-store.ts';

test('a trial comes back from the blobs and the database as the engine told it: all that a search needs to go on', async () => {
  const context = temporaryContext();
  const { blobs } = context;
  const records = openJobRecords(context, openChanges());
  const parity = { rows: 10, maxDifference: 0, labelFlips: 0, tolerance: 1e-5, withinTolerance: true };
  const template = await recordJob(records, blobs, adder(1), parity);
  const told: TrialRecord = {
    trial: { ...template, name: 'job_1', iteration: 1 },
    onnx: adder(2),
    validationPredictions: Float64Array.of(0.25, Number.NaN, -1e300),
    parityPredictions: Float64Array.of(1 / 3),
    loadSeconds: 0.125,
    files: { accuracy_table: new TextEncoder().encode('{}') },
  };
  const failed: TrialRecord = {
    trial: { ...template, name: 'job_2', iteration: 2, status: 'Failed', score: null, error: 'No.' },
    onnx: undefined,
    validationPredictions: new Float64Array(0),
    parityPredictions: new Float64Array(0),
    files: {},
  };
  for (const record of [told, failed]) records.trial('job', await storeTrial(blobs, record), 0.9);
  const [, ...stored] = records.storedTrials('job');
  const restored = await Promise.all(stored.map((each) => restoreTrial(blobs, each)));
  const bytes = ({ onnx, files, ...rest }: TrialRecord) => ({
    ...rest,
    onnx: onnx && Buffer.from(onnx),
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)])),
  });
  expect(restored.map(bytes)).toEqual([told, failed].map(bytes));
});
