/** Score against prediction time of every trial, and the front of those that no other beats in both, as an SVG drawing. */
import type { AutoMLResult } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { axes, frame, logarithmic, pathOf } from './axes.ts';
import { focused } from './focus.ts';
import { type Html, html, nothing } from './html.ts';
import { isOff } from './score-chart.ts';

export function frontChart({ trials, primaryMetric, conclusions }: AutoMLResult): Html {
  const timed = trials.flatMap(({ score, predictMicrosecondsPerRow: time, ...trial }) =>
    score === null || time === null || time <= 0 ? [] : [{ ...trial, score, time }],
  );
  const best = timed[0]?.score;
  if (timed.length < 2 || best === undefined || conclusions === null) return nothing;
  const scores = timed.map(({ score }) => score);
  const plot = axes(logarithmic(timed.map(({ time }) => time)), focused(scores, best));
  const front = new Set(conclusions.paretoFront);
  const onFront = timed.filter(({ name }) => front.has(name)).sort((a, b) => a.time - b.time);
  const line = pathOf(onFront.map(({ time, score }) => [plot.x(time), plot.y(score)]));
  const points = timed.map((trial) => {
    const kind = isOff(plot, trial.score) ? 'off' : front.has(trial.name) ? 'front' : 'behind';
    return html`<circle class="${kind}" cx="${plot.x(trial.time)}" cy="${plot.y(trial.score)}" r="4"><title>${trial.iteration}: ${pipelineName(trial)} ${numberText(trial.score)}, ${numberText(trial.time)} µs a row</title></circle>`;
  });
  return frame(
    plot,
    html`<path class="best" d="${line}"/>${points}`,
    `${primaryMetric} against prediction time; no trial is both better and faster than one on the line.`,
    { across: 'µs a row in a batch', up: primaryMetric },
  );
}
