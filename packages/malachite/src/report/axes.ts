/** The frame that the report's charts share: a horizontal and a vertical scale with their ticks in an SVG drawing. */
import { type Html, html } from './html.ts';

export type Scale = {
  /** The ends, in values; the first may be the larger one. */
  readonly ends: readonly [number, number];
  readonly ticks: readonly number[];
  /** From a value to its share of the way between the ends. */
  readonly share: (value: number) => number;
  readonly textOf: (tick: number) => string;
};

export type Axes = {
  /** From a value to its place in the drawing; what lies off a scale stands on its edge. */
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly across: Scale;
  readonly up: Scale;
  /** Places of the drawing's edges. */
  readonly edges: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly size: readonly [number, number];
};

/** Width and height of a drawing over the whole page, and of one of several beside each other. */
export const [wide, square] = [
  [760, 250],
  [300, 270],
] as const;

/** Left of the ticks' texts there is room for the name of the scale; a digit is so wide. */
const [besideTicks, digitWidth] = [30, 6.6];

export function axes(across: Scale, up: Scale, size: readonly [number, number] = wide): Axes {
  const longest = Math.max(...up.ticks.map((tick) => up.textOf(tick).length));
  const edges = { left: Math.max(62, besideTicks + digitWidth * longest), right: size[0] - 14, top: 10, bottom: size[1] - 40 };
  const within = (share: number): number => Math.max(0, Math.min(1, share));
  return {
    x: (value) => rounded(edges.left + within(across.share(value)) * (edges.right - edges.left)),
    y: (value) => rounded(edges.bottom - within(up.share(value)) * (edges.bottom - edges.top)),
    ...{ across, up, edges, size },
  };
}

/**
 * A scale over the values, from its lowest to its highest.
 * @param wanted About so many ticks.
 * @param room To leave free at both ends, as a share of the scale.
 */
export function linear(values: readonly number[], wanted = 5, room = 0): Scale {
  const [lowest, highest] = spread(Math.min(...values), Math.max(...values));
  const [low, high] = [lowest - room * (highest - lowest), highest + room * (highest - lowest)];
  const step = niceStep((high - low) / wanted);
  const first = Math.ceil(low / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  return { ends: [low, high], ticks, share: (value) => (value - low) / (high - low), textOf: (tick) => tickText(tick, step) };
}

/** The same for whole numbers, such as those of trials. */
export function whole(values: readonly number[], wanted = 8): Scale {
  const { ends, share } = linear(values);
  const step = Math.max(1, niceStep((ends[1] - ends[0]) / wanted));
  const first = Math.ceil(ends[0] / step);
  const ticks = Array.from({ length: Math.floor(ends[1] / step) - first + 1 }, (_, i) => (first + i) * step);
  return { ends, share, ticks, textOf: String };
}

/** A logarithmic scale over positive values, with ticks at each power of ten, and the more between them the shorter the scale is. */
export function logarithmic(values: readonly number[]): Scale {
  const [low, high] = spread(Math.log10(Math.min(...values)), Math.log10(Math.max(...values)));
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
  const decades = high - low;
  const steps = decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const ticks = powers.flatMap((power) => steps.map((step) => step * 10 ** power));
  return {
    ends: [10 ** low, 10 ** high],
    ticks: ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high),
    share: (value) => (Math.log10(value) - low) / (high - low),
    textOf: (tick) => String(Number(tick.toPrecision(3))),
  };
}

/** The drawing: grid, ticks, what is drawn, and what it shows. `drawn` must fit the axes. */
export function frame(
  { x, y, across, up, edges, size }: Axes,
  drawn: Html,
  caption: string,
  names: { across: string; up?: string },
): Html {
  const { left, right, top, bottom } = edges;
  return html`<figure><svg viewBox="0 0 ${size[0]} ${size[1]}" role="img" aria-label="${caption}">
${up.ticks.map((tick) => html`<line x1="${left}" y1="${y(tick)}" x2="${right}" y2="${y(tick)}"/><text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${up.textOf(tick)}</text>`)}
${across.ticks.map((tick) => html`<line x1="${x(tick)}" y1="${bottom}" x2="${x(tick)}" y2="${bottom + 4}"/><text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${across.textOf(tick)}</text>`)}
<text x="${(left + right) / 2}" y="${size[1] - 6}" text-anchor="middle">${names.across}</text>
${names.up === undefined ? html`` : html`<text transform="translate(12 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${names.up}</text>`}
${drawn}</svg><figcaption>${caption}</figcaption></figure>`;
}

/** `M0 1 L2 3`: a line through places in the drawing. */
export function pathOf(places: readonly (readonly [number, number])[]): string {
  return places.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
}

/** One value alone gets a little room on both sides. */
function spread(low: number, high: number): [number, number] {
  return high > low ? [low, high] : [low - Math.abs(low || 1) / 10, high + Math.abs(high || 1) / 10];
}

/** 1, 2 or 5 times a power of ten, at least as large. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5, 10].find((digit) => digit * power >= step * (1 - 1e-9)) as number);
}

/** As many digits as tell one tick from the next. */
function tickText(tick: number, step: number): string {
  if (Math.abs(tick) >= 1e6 || (tick !== 0 && Math.abs(tick) < 1e-4)) return String(Number(tick.toPrecision(3)));
  return tick.toFixed(Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9))));
}

function rounded(place: number): number {
  return Math.round(10 * place) / 10;
}
