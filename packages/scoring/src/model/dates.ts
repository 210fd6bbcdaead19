/** Dates as Azure's exported graphs read them. */

/** `Y-m-d` or `Y/m/d`, then perhaps a time, a fraction, `Z` or an offset (which the graph has no use for). */
const yearFirst =
  /^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?\s*$/;
/** `m/d/Y`, or `d/m/Y` where only that can be meant, as pandas takes it. */
const yearLast = /^\s*(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*$/;

/** The date as `YYYY-MM-DD HH:MM:SS`, or undefined when it cannot be read as one. */
export function fullDate(text: string): string | undefined {
  const first = yearFirst.exec(text);
  if (first !== null) return spelled(first[1], first[2], first[3], first.slice(4));
  const last = yearLast.exec(text);
  if (last === null) return undefined;
  const dayFirst = Number(last[1]) > 12;
  return spelled(last[3], dayFirst ? last[2] : last[1], dayFirst ? last[1] : last[2], last.slice(4));
}

function spelled(year = '', month = '', day = '', time: readonly (string | undefined)[]): string | undefined {
  const [hour = '0', minute = '0', second = '0'] = time;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  const two = (part: string): string => part.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
