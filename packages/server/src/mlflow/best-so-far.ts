/** The metrics of an AutoML job itself: those of the best trial so far, a point each time a trial raised it. */
import type { AutoMLResult, Job, Metrics, Trial } from '@malachite/core';
import { trialTimes } from '../history/automl-run.ts';
import { isMinimized } from '../history/automl-settings.ts';

/** What a run logged at one moment. */
export type MetricPoints = {
  readonly metrics: Metrics;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
};

/** In the order in which trials came in; the step counts them. The last point is the best trial's, which a baseline may be. */
export function bestSoFar(job: Job, { trials, bestTrial, primaryMetric }: AutoMLResult): MetricPoints[] {
  const sign = isMinimized(primaryMetric) ? -1 : 1;
  const scored = trials.filter(({ score }) => score !== null).toSorted((a, b) => a.finishedAtSeconds - b.finishedAtSeconds);
  const points: MetricPoints[] = [];
  let best: Trial | undefined;
  const raised = (trial: Trial, step: number): void => {
    best = trial;
    points.push({ metrics: trial.metrics, step, timestamp: Date.parse(trialTimes(job, trial).endTimeUtc) });
  };
  for (const [step, trial] of scored.entries()) {
    if (best === undefined || sign * ((trial.score as number) - (best.score as number)) > 0) raised(trial, step);
  }
  const chosen = trials.find(({ name }) => name === bestTrial);
  if (chosen && chosen !== best) raised(chosen, scored.length);
  return points;
}
