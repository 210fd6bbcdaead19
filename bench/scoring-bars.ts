/** Bars: what a measurement must reach, and whether it did. */

export interface Bar {
  readonly name: string;
  /** Undefined when there was nothing to compare with. */
  readonly found: number | undefined;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What would be better still. */
  readonly aim?: number;
}

/** One line a bar. @returns how many were missed */
export function barLines(bars: readonly Bar[]): { lines: string[]; missed: number } {
  const width = Math.max(...bars.map(({ name }) => name.length));
  const verdicts = bars.map((bar) => verdict(bar));
  const lines = bars.map(({ name, found, atLeast, atMost, aim }, i) => {
    const bound = atLeast === undefined ? `<= ${short(atMost)}` : `>= ${short(atLeast)}`;
    const aimed = aim === undefined ? '' : `(aim ${short(aim)})`;
    return `${verdicts[i]?.padEnd(4)}  ${name.padEnd(width)}  ${short(found).padStart(7)}  ${bound.padEnd(9)} ${aimed}`.trimEnd();
  });
  return { lines, missed: verdicts.filter((each) => each === 'FAIL').length };
}

function verdict({ found, atLeast = -Infinity, atMost = Infinity }: Bar): 'pass' | 'FAIL' | '-' {
  if (found === undefined) return '-';
  return found >= atLeast && found <= atMost ? 'pass' : 'FAIL';
}

function short(value: number | undefined): string {
  if (value === undefined) return '-';
  return value >= 100 ? value.toFixed(0) : String(Number(value.toFixed(2)));
}
