/** The part of a leaderboard's scores that a chart can show: among models that are close, a baseline far off would leave one line. */
import { linear, type Scale } from './axes.ts';

/** Trials further from the best than so many times the median are off the scale … */
const reach = 3;
/** … unless that leaves out none but a few close ones: fewer trials than this are shown all. */
const fewest = 4;

/** Left free above the best score and below the worst. */
const room = 0.08;

/**
 * The scale of these scores, of any order.
 * @param best The best of them, as the metric has it.
 * @param error To show on both sides of it.
 */
export function focused(scores: readonly number[], best: number, error = 0): Scale {
  return linear([...inFocus(scores, best), best - error, best + error], 5, room);
}

function inFocus(scores: readonly number[], best: number): number[] {
  if (scores.length < fewest) return [...scores];
  const away = scores.map((score) => Math.abs(score - best));
  const median = away.toSorted((a, b) => a - b)[away.length >> 1] as number;
  return scores.filter((_, i) => median === 0 || (away[i] as number) <= reach * median);
}
