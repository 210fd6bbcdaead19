/** The scores of the trials in the order they were made with their standard errors, and the best so far, as an SVG drawing. */
import type { AutoMLResult, Trial } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { type Axes, axes, frame } from './axes.ts';
import { type Html, html, nothing } from './html.ts';

export function scoreChart({ trials, primaryMetric, conclusions }: AutoMLResult): Html {
  const scored = trials.filter((trial) => trial.score !== null).sort((a, b) => a.iteration - b.iteration);
  if (scored.length < 2) return nothing;
  const plot = axes(
    scored.map(({ iteration }) => iteration),
    scored.map(({ score }) => score as number),
  );
  const points = scored.map((trial) => point(plot, trial));
  return frame(
    plot,
    html`${bestSoFar(plot, conclusions?.improvements ?? [])}${points}`,
    `${primaryMetric} of each trial with its standard error; the line is the best so far`,
    'trial',
  );
}

function point({ x, y, low, high }: Axes, trial: Trial): Html {
  const score = trial.score as number;
  const error = trial.standardError ?? 0;
  const at = x(trial.iteration);
  const [top, bottom] = [y(Math.min(high, score + error)), y(Math.max(low, score - error))];
  return html`<line class="error" x1="${at}" y1="${top}" x2="${at}" y2="${bottom}"/><circle cx="${at}" cy="${y(score)}" r="3.5"><title>${trial.iteration}: ${pipelineName(trial)} ${numberText(score)} ± ${numberText(error)}</title></circle>`;
}

/** Steps from each improvement to the next. */
function bestSoFar({ x, y, right }: Axes, improvements: readonly { iteration: number; score: number }[]): Html {
  if (improvements.length === 0) return nothing;
  const corners = improvements.map(
    ({ iteration, score }, i) => `${i === 0 ? 'M' : 'H'}${x(iteration)}${i === 0 ? ' ' : ' V'}${y(score)}`,
  );
  return html`<path class="best" d="${corners.join(' ')} H${right}"/>`;
}
