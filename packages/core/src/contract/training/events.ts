/** How a job tells what happens to it. */
import { jobStatuses } from '../../training.ts';
import type { Supports } from '../../workspace.ts';
import { collect, equal, ok, refused } from '../assertions.ts';
import { type Runner, where } from '../harness.ts';
import type { Scene } from '../scene.ts';

export function eventsContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it } = test;

  describe('the events of a job', () => {
    it('count from 1 without a gap, and its statuses only go forward', async () => {
      const { events } = await scene.trained();
      equal(
        events.map(({ sequence }) => sequence),
        events.map((_, i) => i + 1),
        'The sequences',
      );
      const statuses = events.filter((event) => event.type === 'status').map((event) => event.status);
      const places = statuses.map((status) => jobStatuses.indexOf(status));
      equal(
        places,
        [...new Set(places)].toSorted((a, b) => a - b),
        `The order of ${statuses.join(', ')}`,
      );
      ok(statuses.includes('Running') && statuses.at(-1) === 'Completed', `The statuses are ${statuses.join(', ')}.`);
      ok(
        events.some((event) => event.type === 'guardrails'),
        'The guardrails should be an event.',
      );
    });

    where(
      test,
      supports.events,
      'events that are kept',
    )('are the same for all who were there, and for one who comes later, or in the middle', async () => {
      const { job, events, eventsOfAnother } = await scene.trained();
      const { training } = scene.workspace;
      equal(eventsOfAnother, events, 'What the other reader has seen');
      equal(await collect(training.events({ name: job.name })), events);
      equal(await collect(training.events({ name: job.name, after: 3 })), events.slice(3));
      equal(await collect(training.events({ name: job.name, after: events.length })), []);
    });

    it('are of a job that is there', async () => {
      await refused(scene.workspace.training.events({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    });

    it('tell each trial when it is done, with the best score so far', async () => {
      const { events } = await scene.trained();
      const { result } = await scene.result();
      const told = events.filter((event) => event.type === 'trial');
      equal(told.map(({ trial }) => trial).toSorted(byIteration), result.trials.toSorted(byIteration), 'The trials');
      let best = Number.NEGATIVE_INFINITY;
      for (const { trial, bestScore } of told) {
        best = Math.max(best, trial.score ?? best);
        equal(bestScore, best, `The best score at ${trial.name}`);
      }
    });
  });
}

const byIteration = (a: { readonly iteration: number }, b: { readonly iteration: number }) => a.iteration - b.iteration;
