import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../../featurization/features.ts';
import { createRandom } from '../../random.ts';
import type { FitInput, LearnerParams } from '../learner.ts';
import { lightGbm } from '../lightgbm.ts';
import { binTable } from './binning.ts';

const rowCount = 125_000;

/** Numbers, some missing, and categories: large enough that threads help. */
function largeTable(): { features: FeatureMatrix; y: Int32Array } {
  const random = createRandom(3);
  const numeric = Array.from({ length: 7 }, (_, j) => ({
    name: `x${j}`,
    raw: `x${j}`,
    values: Float32Array.from({ length: rowCount }, () =>
      j % 3 === 0 && random.nextFloat() < 0.2 ? Number.NaN : random.nextNormal(),
    ),
  }));
  const categorical = [3, 12, 60].map((size, j) => ({
    name: `c${j}`,
    raw: `c${j}`,
    labels: Array.from({ length: size }, (_, i) => `${i}`),
    codes: Int32Array.from({ length: rowCount }, () => random.nextInt(size + 1)),
  }));
  const x = (j: number, row: number) => numeric[j]?.values[row] as number;
  const y = Int32Array.from({ length: rowCount }, (_, row) => {
    const category = ((categorical[2]?.codes[row] as number) % 7) - 3;
    return (Number.isNaN(x(0, row)) ? 1 : x(0, row)) * x(1, row) + 0.3 * category + random.nextNormal() > 0 ? 1 : 0;
  });
  return { features: { rowCount, numeric, categorical }, y };
}

const { features, y } = largeTable();
const binned = binTable(features);
const input: Omit<FitInput, 'params'> = {
  features,
  binned,
  target: { task: 'classification', classes: [0, 1], y },
  rows: Int32Array.from(features.numeric[1]?.values.keys() ?? []).filter((row) => row % 5 !== 0),
  validationRows: Int32Array.from({ length: rowCount / 5 }, (_, i) => 5 * i),
  seed: 1,
};

const threadsOfThisProcess = () => readdirSync('/proc/self/task').length;

/** Waits until the process has no more threads than before. */
async function threadsEnd(before: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (threadsOfThisProcess() > before && performance.now() < deadline) await pause(20);
  expect(threadsOfThisProcess()).toBeLessThanOrEqual(before);
}

describe('threads that share a fit', () => {
  it.each<LearnerParams>([
    { num_leaves: 15 },
    { num_leaves: 15, bagging_fraction: 0.6, bagging_freq: 2, feature_fraction: 0.7, early_stopping_round: 50 },
  ])('grow the very same trees, however many there are: %o', (params) => {
    const grow = (num_threads: number, threads?: number) =>
      lightGbm.fit({ ...input, threads, params: { ...params, num_iterations: 210, num_threads } }).model.boosted;
    const alone = grow(1);
    expect(grow(1, 2)).toEqual(alone);
    expect(grow(3)).toEqual(alone);
  });

  const countable = existsSync('/proc/self/task');

  it.skipIf(!countable)('end with a fit that throws (needs /proc to count threads)', async () => {
    lightGbm.fit({ ...input, params: { num_iterations: 1 } });
    const before = threadsOfThisProcess();
    let most = 0;
    const throwing = () => {
      most = Math.max(most, threadsOfThisProcess());
      if (most >= before + 2) throw new Error('stopped');
      return false;
    };
    const fit = () => lightGbm.fit({ ...input, params: { num_iterations: 1000, num_threads: 3 }, shouldStop: throwing });
    expect(fit).toThrow('stopped');
    await threadsEnd(before);
  });

  it.skipIf(!countable)(
    'help a fit inside a worker thread, and end with that thread (needs /proc to count threads)',
    async () => {
      const before = threadsOfThisProcess();
      const source = `
      const { workerData, parentPort } = require('node:worker_threads');
      import(workerData.learner).then(({ lightGbm }) => {
        let rounds = 0;
        const shouldStop = () => (++rounds === 20 && parentPort.postMessage('growing'), false);
        lightGbm.fit({ ...workerData.input, params: { num_iterations: 100_000, num_threads: 2 }, shouldStop });
      });`;
      const learner = new URL('../lightgbm.ts', import.meta.url).href;
      const worker = new Worker(source, { eval: true, workerData: { learner, input } });
      expect(await once(worker, 'message')).toEqual(['growing']);
      await worker.terminate();
      await threadsEnd(before);
    },
  );
});
