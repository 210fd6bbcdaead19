/** Score against prediction time of every trial, and the front of those that no other beats in both, as an SVG drawing. */
import type { AutoMLResult } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { type Axes, axes, frame, logarithmic, pathOf } from './axes.ts';
import { focused } from './focus.ts';
import { type Html, html, nothing } from './html.ts';
import { directionOf, isLowerBetter, isOff } from './score-chart.ts';

/** Names of points closer to each other than this, across and up, would lie on one another. */
const roomOfName = [130, 16] as const;

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
    html`<path class="best" d="${line}"/>${points}${namesOf(plot, onFront, isLowerBetter(primaryMetric))}`,
    `${primaryMetric} against prediction time${directionOf(primaryMetric)}; no trial is both better and faster than one on the line.`,
    { across: 'µs a row in a batch', up: primaryMetric },
  );
}

type Point = { readonly iteration: number; readonly algorithm: string; readonly score: number; readonly time: number };

/**
 * Number and algorithm of each point on the side where nothing else can be: better and faster. At the left edge, where there is no
 * room, below the line; where two would lie on one another, that of the better score is kept.
 */
function namesOf(plot: Axes, points: readonly Point[], isLowest: boolean): Html[] {
  const placed: (readonly [number, number])[] = [];
  const [before, behind] = isLowest ? [16, -9] : [-9, 16];
  return points.toReversed().flatMap(({ iteration, algorithm, score, time }) => {
    const [x, y] = [plot.x(time), plot.y(score)];
    const isCrowded = placed.some(([a, b]) => Math.abs(a - x) < roomOfName[0] && Math.abs(b - y) < roomOfName[1]);
    if (isCrowded || isOff(plot, score)) return [];
    placed.push([x, y]);
    const isAtEdge = x - plot.edges.left < roomOfName[0];
    const [anchor, down] = isAtEdge ? ['start', behind] : ['end', before];
    return [html`<text x="${isAtEdge ? x : x - 6}" y="${y + down}" text-anchor="${anchor}">${iteration} ${algorithm}</text>`];
  });
}
