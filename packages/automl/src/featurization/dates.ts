/**
 * Calendar arithmetic on dates written as text, in whole numbers only, so that an ONNX graph can repeat it exactly.
 * A date's text is read as runs of up to four digits: year, month, day in the column's order, then hour, minute, second.
 */

/** In which order the first three numbers of a date stand; `mdy` has two-digit years. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy' | 'mdy2';

/** Where year, month and day stand in each order. */
export const datePositions: Readonly<Record<DateOrder, readonly [number, number, number]>> = {
  ymd: [0, 1, 2],
  dmy: [2, 1, 0],
  mdy: [2, 0, 1],
  mdy2: [2, 0, 1],
};

/** Azure ML's names of the ten parts, in its order. */
export const datePartNames = [
  'Year',
  'Month',
  'Day',
  'DayOfWeek',
  'DayOfYear',
  'QuarterOfYear',
  'WeekOfMonth',
  'Hour',
  'Minute',
  'Second',
] as const;

/** Days of a common year before each month. */
export const daysBeforeMonth: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Two-digit years below this are 20xx, the others 19xx (POSIX `%y`). */
export const CENTURY_PIVOT = 69;

/**
 * The ten parts of a date: DayOfWeek has Monday 0, DayOfYear starts at 1, WeekOfMonth counts sevens of days from 1.
 * @returns undefined when the text is no date: fewer than three numbers, or a month, day or time out of range.
 */
export function dateParts(text: string, order: DateOrder): number[] | undefined {
  const numbers = (text.match(/[0-9]{1,4}/g) ?? []).slice(0, 6).map(Number);
  const [hour = 0, minute = 0, second = 0] = numbers.slice(3);
  const [yearAt, monthAt, dayAt] = datePositions[order];
  const [written, month, day] = [numbers[yearAt] ?? 0, numbers[monthAt] ?? 0, numbers[dayAt] ?? 0];
  const year = order === 'mdy2' && written < 100 ? written + (written < CENTURY_PIVOT ? 2000 : 1900) : written;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const dayOfYear = (daysBeforeMonth[month - 1] as number) + day + (leap && month > 2 ? 1 : 0);
  const past = year - 1;
  const days = 365 * past + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + dayOfYear;
  // 1 January of year 1 was a Monday.
  const dayOfWeek = (days - 1) % 7;
  return [year, month, day, dayOfWeek, dayOfYear, Math.floor((month + 2) / 3), Math.floor((day + 6) / 7), hour, minute, second];
}

/**
 * Seconds from the day before 1 January of year 1 to a date, for differences; float64 holds them exactly.
 * @returns undefined when the text is no date.
 */
export function dateSeconds(text: string, order: DateOrder): number | undefined {
  const parts = dateParts(text, order) as [number, ...number[]] | undefined;
  if (parts === undefined) return undefined;
  const past = parts[0] - 1;
  const [dayOfYear, hour, minute, second] = [parts[4], parts[7], parts[8], parts[9]] as [number, number, number, number];
  const days = 365 * past + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + dayOfYear;
  return 86_400 * days + 3600 * hour + 60 * minute + second;
}
