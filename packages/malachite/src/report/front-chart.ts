/** Score against prediction time of every trial, and the front of those that no other beats in both, as an SVG drawing. */
import type { AutoMLResult } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { axes, frame } from './axes.ts';
import { type Html, html, nothing } from './html.ts';

export function frontChart({ trials, primaryMetric, conclusions }: AutoMLResult): Html {
  const timed = trials.flatMap(({ score, predictMicrosecondsPerRow: time, ...trial }) =>
    score === null || time === null || time <= 0 ? [] : [{ ...trial, score, time }],
  );
  if (timed.length < 2 || conclusions === null) return nothing;
  const plot = axes(
    timed.map(({ time }) => time),
    timed.map(({ score }) => score),
    true,
  );
  const front = new Set(conclusions.paretoFront);
  const onFront = timed.filter(({ name }) => front.has(name)).sort((a, b) => a.time - b.time);
  const line = onFront.map(({ time, score }, i) => `${i === 0 ? 'M' : 'L'}${plot.x(time)} ${plot.y(score)}`).join(' ');
  const points = timed.map(
    (trial) =>
      html`<circle class="${front.has(trial.name) ? 'front' : 'behind'}" cx="${plot.x(trial.time)}" cy="${plot.y(trial.score)}" r="4"><title>${trial.iteration}: ${pipelineName(trial)} ${numberText(trial.score)}, ${numberText(trial.time)} µs a row</title></circle>`,
  );
  return frame(
    plot,
    html`<path class="best" d="${line}"/>${points}`,
    `${primaryMetric} against prediction time a row in a batch; no trial is both better and faster than one on the line`,
    'µs',
  );
}
