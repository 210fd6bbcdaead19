/** The scores of the trials in the order they were made with their standard errors, and the best so far, as an SVG drawing. */
import type { AutoMLResult, PrimaryMetric, Trial } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { type Axes, axes, frame, whole } from './axes.ts';
import { focused } from './focus.ts';
import { type Html, html, nothing } from './html.ts';

const errorMetrics: ReadonlySet<PrimaryMetric> = new Set([
  'normalized_root_mean_squared_error',
  'normalized_mean_absolute_error',
]);

export function scoreChart({ trials, primaryMetric, conclusions }: AutoMLResult): Html {
  const scored = trials.filter((trial) => trial.score !== null).sort((a, b) => a.iteration - b.iteration);
  const best = trials[0]?.score;
  if (scored.length < 2 || best == null) return nothing;
  const scores = scored.map(({ score }) => score as number);
  const plot = axes(whole(scored.map(({ iteration }) => iteration)), focused(scores, best, trials[0]?.standardError ?? 0));
  const points = scored.map((trial) => point(plot, trial));
  const isAll = scored.every(({ score }) => !isOff(plot, score as number));
  return frame(
    plot,
    html`${bestSoFar(plot, conclusions?.improvements ?? [])}${points}`,
    `${primaryMetric} of each trial with its standard error${directionOf(primaryMetric)}; the line is the best so far.${isAll ? '' : ' Trials at the edge in outline are off the scale.'}`,
    { across: 'trial', up: primaryMetric },
  );
}

/** Where less is better, a chart says so. */
export function directionOf(metric: PrimaryMetric): string {
  return isLowerBetter(metric) ? ', lower is better' : '';
}

export function isLowerBetter(metric: PrimaryMetric): boolean {
  return errorMetrics.has(metric);
}

/** Whether a score lies outside of what the drawing shows. */
export function isOff({ up }: Axes, score: number): boolean {
  const share = up.share(score);
  return share < -1e-9 || share > 1 + 1e-9;
}

function point(plot: Axes, trial: Trial): Html {
  const { x, y } = plot;
  const score = trial.score as number;
  const error = trial.standardError ?? 0;
  const at = x(trial.iteration);
  const off = isOff(plot, score);
  const bar =
    off || error === 0
      ? nothing
      : html`<line class="error" x1="${at}" y1="${y(score + error)}" x2="${at}" y2="${y(score - error)}"/>`;
  return html`${bar}<circle${off ? html` class="off"` : nothing} cx="${at}" cy="${y(score)}" r="3.5"><title>${trial.iteration}: ${pipelineName(trial)} ${numberText(score)} ± ${numberText(error)}</title></circle>`;
}

/** Steps from each improvement to the next. */
function bestSoFar({ x, y, edges }: Axes, improvements: readonly { iteration: number; score: number }[]): Html {
  if (improvements.length === 0) return nothing;
  const corners = improvements.map(
    ({ iteration, score }, i) => `${i === 0 ? 'M' : 'H'}${x(iteration)}${i === 0 ? ' ' : ' V'}${y(score)}`,
  );
  return html`<path class="best" d="${corners.join(' ')} H${edges.right}"/>`;
}
