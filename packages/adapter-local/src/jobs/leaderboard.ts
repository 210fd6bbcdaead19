/** The trials of a job in order of merit. */
import type { PrimaryMetric, Trial } from '@malachite/core';

/** Metrics of which less is better. */
const errors: ReadonlySet<PrimaryMetric> = new Set(['normalized_root_mean_squared_error', 'normalized_mean_absolute_error']);

/** Best first; of equals, the earlier; trials without a score last. */
export function leaderboard(trials: readonly Trial[], metric: PrimaryMetric): Trial[] {
  const sign = errors.has(metric) ? 1 : -1;
  const merit = ({ score }: Trial): number => (score === null ? Number.POSITIVE_INFINITY : sign * score);
  return trials.toSorted((a, b) => compare(merit(a), merit(b)) || a.iteration - b.iteration);
}

/** The best trial that has a score. */
export function bestTrial(trials: readonly Trial[], metric: PrimaryMetric): Trial | undefined {
  const [first] = leaderboard(trials, metric);
  return first?.score === null ? undefined : first;
}

/** Infinity minus infinity is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
