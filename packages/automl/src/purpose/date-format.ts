/** Which way of writing dates a column of text keeps to, if any. */

import type { DateOrder } from '../featurization/dates.ts';

export type DateFormat = {
  /** In `strftime` words, such as `%d/%m/%Y %H:%M`. */
  readonly format: string;
  /** Where year, month and day stand. */
  readonly order: DateOrder;
};

type DayFormat = DateFormat & { readonly pattern: RegExp };

/**
 * The formats that Azure's engine reads. Where two fit every value (`03/04/2024`), the first one is taken: month before day, as
 * pandas does. Not read, as measured: `Ymd`, `d.m.Y`, names of months, times and months alone.
 */
const dayFormats: readonly DayFormat[] = [
  { format: '%Y-%m-%d', order: 'ymd', pattern: /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/ },
  { format: '%Y/%m/%d', order: 'ymd', pattern: /^(?<year>\d{4})\/(?<month>\d{1,2})\/(?<day>\d{1,2})$/ },
  { format: '%m/%d/%Y', order: 'mdy', pattern: /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/ },
  { format: '%d/%m/%Y', order: 'dmy', pattern: /^(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})$/ },
  { format: '%m/%d/%y', order: 'mdy2', pattern: /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{2})$/ },
  { format: '%d-%m-%Y', order: 'dmy', pattern: /^(?<day>\d{1,2})-(?<month>\d{1,2})-(?<year>\d{4})$/ },
];

/** Hours and minutes, then seconds, their fraction and a zone if there are any. */
const timePattern = /^(?:[01]?\d|2[0-3]):[0-5]\d(?<seconds>:[0-5]\d(?:\.\d+)?)?(?<zone>Z|[+-]\d{2}:?\d{2})?$/;

/** The format that every one of the texts keeps to, or undefined: one text that is no such date makes the column text. */
export function dateFormatOf(texts: readonly string[]): DateFormat | undefined {
  const candidates = new Set(dayFormats);
  let time = '';
  for (const text of texts) {
    const at = text.search(/[T ]/);
    const day = at < 0 ? text : text.slice(0, at);
    for (const candidate of candidates) if (!isDay(candidate.pattern.exec(day))) candidates.delete(candidate);
    if (candidates.size === 0) return undefined;
    if (at < 0) continue;
    const written = timePattern.exec(text.slice(at + 1));
    if (written === null) return undefined;
    time = `${text[at]}%H:%M${written.groups?.seconds ? ':%S' : ''}${written.groups?.zone ? 'Z' : ''}`;
  }
  const [first] = candidates;
  return first === undefined || texts.length === 0 ? undefined : { format: first.format + time, order: first.order };
}

/** Whether the matched numbers are a day of the calendar. */
function isDay(match: RegExpExecArray | null): boolean {
  if (match === null) return false;
  const [year, month, day] = [Number(match.groups?.year), Number(match.groups?.month), Number(match.groups?.day)];
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate(); // the calendar repeats every 400 years
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
}
