import type { AutoMLSpec } from '@malachite/core';
import { expect, it, onTestFinished } from 'vitest';
import { type EnsembleInput, stackTrial, votingTrial } from './ensembles.ts';
import { trialEvidence } from './evidence.ts';
import { exampleTable } from './example-table.ts';
import { defineProblem } from './problem.ts';
import { recordTrial } from './records.ts';
import { openRefits } from './refits.ts';
import { runTrial } from './trial.ts';
import { startWorkers } from './workers.ts';

const spec: AutoMLSpec = {
  task: 'classification',
  targetColumnName: 'bought',
  featurization: { dropColumns: ['spent'] },
  nCrossValidations: 3,
};
const clock = { now: () => performance.now() / 1000, deadline: Number.POSITIVE_INFINITY, isStopped: () => false };

/** What an ensemble of three models is made of: all that it needs but its time, and the models' own. */
async function threeModels() {
  const problem = defineProblem(exampleTable(300), undefined, spec);
  const records = await Promise.all(
    ['DecisionTree', 'LogisticRegression', 'BernoulliNaiveBayes'].map((algorithm, iteration) => {
      const pipeline = { algorithm, preprocessor: '', params: {} };
      return recordTrial(problem, 'job', pipeline, { iteration, fit: runTrial(problem, pipeline, iteration, clock) }, 1);
    }),
  );
  const workers = startWorkers(1, problem);
  onTestFinished(() => workers.close());
  const refits = openRefits(problem, workers, Number.POSITIVE_INFINITY);
  /** @param loadSeconds What each model is said to take to load. */
  const input = (loadSeconds: number, seconds: number): EnsembleInput => ({
    ...{ problem, name: 'job_3', iteration: 3, refits, workers, seconds, elapsed: () => 2 },
    evidence: trialEvidence(
      problem,
      records.map((record) => ({ ...record, loadSeconds })),
    ),
  });
  return input;
}

it('leaves out models that would take too long to load together: what joins two loads for longer than both', async () => {
  const input = await threeModels();
  expect((await stackTrial(input(0.01, 120)))?.trial.ensemble).toHaveLength(3);
  // One loads in 20 s, which proves in half of that, alone; two in 80 s, of which the half is within two fifths of 120 s; three are not.
  expect((await stackTrial(input(20, 120)))?.trial.ensemble).toHaveLength(2);
  expect(await stackTrial(input(20, 60))).toBeUndefined();
  expect(await votingTrial(input(20, 60))).toBeUndefined();
});

it('ends with nothing at an abort', async () => {
  const input = await threeModels();
  const signal = AbortSignal.abort();
  expect(await votingTrial({ ...input(0.01, 120), signal })).toBeUndefined();
  expect(await stackTrial({ ...input(0.01, 120), signal })).toBeUndefined();
});
