/** The frame that the report's charts share: a horizontal and a vertical scale in an SVG drawing. */
import { type Html, html } from './html.ts';

const [width, height, margin] = [720, 220, 52];

export type Axes = {
  /** From a value to its place in the drawing. */
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Ends of the scales, in values. */
  readonly left: number;
  readonly end: number;
  readonly low: number;
  readonly high: number;
  /** The drawing's right edge. */
  readonly right: number;
};

/** Scales that hold all values; the horizontal one may be logarithmic. */
export function axes(across: readonly number[], up: readonly number[], logarithmic = false): Axes {
  const scale = (value: number): number => (logarithmic ? Math.log10(value) : value);
  const [left, end] = [Math.min(...across), Math.max(...across)];
  const [low, high] = [Math.min(...up), Math.max(...up)];
  const right = width - 12;
  return {
    x: (value) => rounded(margin + ((scale(value) - scale(left)) / (scale(end) - scale(left) || 1)) * (right - margin)),
    y: (value) => rounded(12 + (1 - (value - low) / (high - low || 1)) * (height - 50)),
    ...{ left, end, low, high, right },
  };
}

/** The drawing: the scales' ends in words, what is drawn, and what it shows. */
export function frame({ x, y, left, end, low, high, right }: Axes, drawn: Html, caption: string, across: string): Html {
  return html`<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${caption}">
<line x1="${margin}" y1="${y(low)}" x2="${right}" y2="${y(low)}"/><line x1="${margin}" y1="${y(high)}" x2="${right}" y2="${y(high)}"/>
<text x="0" y="${y(high) + 4}">${high.toFixed(4)}</text><text x="0" y="${y(low) + 4}">${low.toFixed(4)}</text>
<text x="${x(left)}" y="${height - 18}">${across} ${shortNumber(left)}</text><text x="${right}" y="${height - 18}" text-anchor="end">${shortNumber(end)}</text>
${drawn}</svg><figcaption>${caption}.</figcaption></figure>`;
}

function rounded(place: number): number {
  return Math.round(10 * place) / 10;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
