/** The scores of the trials in the order they were made, and the best so far, as an SVG drawing. */
import type { AutoMLResult } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { type Html, html, nothing } from './html.ts';

const [width, height, margin] = [720, 200, 44];

export function scoreChart({ trials, primaryMetric }: AutoMLResult): Html {
  const scored = trials.filter((trial) => trial.score !== null).sort((a, b) => a.iteration - b.iteration);
  if (scored.length < 2) return nothing;
  const scores = scored.map((trial) => trial.score as number);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const x = (index: number) => margin + (index / (scored.length - 1)) * (width - margin - 10);
  const y = (score: number) => 10 + (1 - (score - low) / (high - low || 1)) * (height - 40);
  const points = scored.map(
    (trial, index) =>
      html`<circle cx="${x(index).toFixed(1)}" cy="${y(scores[index]!).toFixed(1)}" r="3.5"><title>${trial.iteration}: ${pipelineName(trial)} ${numberText(scores[index]!)}</title></circle>`,
  );
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${primaryMetric} of each trial">
<line x1="${margin}" y1="${y(low)}" x2="${width - 10}" y2="${y(low)}"/><line x1="${margin}" y1="${y(high)}" x2="${width - 10}" y2="${y(high)}"/>
<text x="0" y="${y(high) + 4}">${high.toFixed(4)}</text><text x="0" y="${y(low) + 4}">${low.toFixed(4)}</text>
${points}
<text x="${margin}" y="${height - 6}">${primaryMetric} of each trial, in the order they were made</text></svg>`;
}
