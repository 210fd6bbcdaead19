/** What a job has found when it ends. */
import { jobCompletion } from '../../training.ts';
import type { Supports } from '../../workspace.ts';
import { equal, ok, refused } from '../assertions.ts';
import { type Runner, where } from '../harness.ts';
import { bankJob, type Scene } from '../scene.ts';

export function resultContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it } = test;

  describe('the result', () => {
    it('keeps the limit on trials, and ranks them by the primary metric', async () => {
      const { job, result } = await scene.result();
      ok(result.trials.length >= 2 && result.trials.length <= 3, `Of at most 3 trials there are ${result.trials.length}.`);
      equal(
        result.trials.map(({ name }) => name).toSorted(),
        result.trials.map((_, i) => `${job.name}_${i}`),
        'The names',
      );
      const scores = result.trials.map(({ score }) => score ?? Number.NEGATIVE_INFINITY);
      equal(
        scores,
        scores.toSorted((a, b) => b - a),
        'The scores',
      );
      equal(result.bestTrial, result.trials[0]?.name, 'The best trial');
      equal(result.primaryMetric, 'AUC_weighted');
    });

    it('has learned what the data has to teach', async () => {
      const { result } = await scene.result();
      const best = result.trials[0]?.score ?? 0;
      ok(best > 0.85 && best <= 1, `The best AUC_weighted is ${best}, of a target that two columns decide.`);
    });

    it('has every trial completed, with its metrics', async () => {
      const { result } = await scene.result();
      for (const { name, status, metrics, score } of result.trials) {
        equal(status, 'Completed', `The status of ${name}`);
        equal(metrics.AUC_weighted, score, `The primary metric of ${name}`);
        ok(typeof metrics.accuracy === 'number' && typeof metrics.log_loss === 'number', `${name} lacks accuracy or log_loss.`);
      }
    });

    where(
      test,
      supports.proof,
      'proof',
    )('proves every trial: its model answers as its trainer did', async () => {
      const { result } = await scene.result();
      for (const { name, status, parity, onnxBytes } of result.trials) {
        ok(status === 'Completed' && parity?.withinTolerance, `${name} is ${status}, its parity ${JSON.stringify(parity)}.`);
        ok(
          parity.rows > 0 && parity.maxDifference <= parity.tolerance && parity.labelFlips === 0,
          `The parity of ${name} is ${JSON.stringify(parity)}.`,
        );
        ok(onnxBytes > 100, `The model of ${name} has ${onnxBytes} bytes.`);
      }
    });

    it('says how it looked at the data', async () => {
      const { result } = await scene.result();
      ok(
        result.guardrails.length > 0 && result.guardrails.every(({ friendlyType }) => friendlyType),
        'There should be guardrails.',
      );
    });

    where(
      test,
      supports.explanation,
      'explanation',
    )('explains the best trial by the columns as the data calls them', async () => {
      const { result } = await scene.result();
      const importances = result.explanation?.features ?? [];
      equal(importances.map(({ name }) => name).toSorted(), ['age', 'balance', 'job', 'joined'], 'The columns explained');
      ok(['age', 'job'].includes(importances[0]?.name ?? ''), `The most important column is ${importances[0]?.name}.`);
      equal(
        importances,
        importances.toSorted((a, b) => b.importance - a.importance),
      );
      ok(result.validation, 'It should say how trials were validated.');
    });

    it('has the metrics of the job, which are its best trial’s, and of each trial', async () => {
      const { job, result } = await scene.result();
      const { training } = scene.workspace;
      const [best, second] = result.trials;
      equal(await training.metrics({ name: job.name }), best?.metrics);
      equal(await training.metrics({ name: second?.name ?? '' }), second?.metrics);
      await refused(training.metrics({ name: `${job.name}_99` }), 'NotFound', `${job.name}_99`);
    });
  });

  describe('a regression', () => {
    it('ranks by its own metrics, the smallest error first', async () => {
      await scene.bank();
      const { training } = scene.workspace;
      const settings = { task: 'regression', targetColumnName: 'age', limits: { maxTrials: 2 } } as const;
      const { name, spec } = await training.submit({ ...bankJob, ...settings });
      equal(spec.primaryMetric, 'normalized_root_mean_squared_error', 'The metric that it takes by itself');
      equal((await jobCompletion(training, name)).status, 'Completed', 'How it ends');
      const { trials } = await training.result({ name });
      const errors = trials.map(({ score }) => score ?? Number.POSITIVE_INFINITY);
      equal(
        errors,
        errors.toSorted((a, b) => a - b),
        'The errors',
      );
      ok((errors[0] ?? 1) < 0.5, `The smallest error is ${errors[0]} of the range.`);
      for (const { name: trial, parity } of supports.proof ? trials : [])
        ok(parity?.withinTolerance, `The parity of ${trial} is ${JSON.stringify(parity)}.`);
    });
  });
}
