import { describe, expect, it } from 'vitest';
import { dateParts } from './dates.ts';

describe('dateParts', () => {
  it('agrees with the calendar of JavaScript on every day of 200 years', () => {
    for (let day = Date.UTC(1900, 0, 1); day < Date.UTC(2100, 0, 1); day += 86_400_000) {
      const date = new Date(day);
      const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      const dayOfYear = 1 + (day - Date.UTC(year, 0, 1)) / 86_400_000;
      const expected = [
        year,
        month,
        dayOfMonth,
        (date.getUTCDay() + 6) % 7,
        dayOfYear,
        Math.ceil(month / 3),
        Math.ceil(dayOfMonth / 7),
        0,
        0,
        0,
      ];
      expect(dateParts(date.toISOString().slice(0, 10), 'ymd')).toEqual(expected);
    }
  });

  it('reads the time of day, whatever stands between the numbers', () => {
    for (const text of ['2024-02-29 13:05:59', '2024-02-29T13:05:59.123Z', '2024/2/29 13:5:59+02:00']) {
      expect(dateParts(text, 'ymd')).toEqual([2024, 2, 29, 3, 60, 1, 5, 13, 5, 59]);
    }
  });

  it('reads day and month in the order of the column', () => {
    expect(dateParts('03/04/2021', 'dmy')?.slice(0, 3)).toEqual([2021, 4, 3]);
    expect(dateParts('03/04/2021', 'mdy')?.slice(0, 3)).toEqual([2021, 3, 4]);
    expect(dateParts('03/04/68', 'mdy2')?.slice(0, 3)).toEqual([2068, 3, 4]);
    expect(dateParts('03/04/69', 'mdy2')?.slice(0, 3)).toEqual([1969, 3, 4]);
  });

  it('refuses what is no date', () => {
    for (const text of [
      '',
      'soon',
      '2021',
      '2021-13-01',
      '2021-00-10',
      '2021-01-32',
      '2021-01-01 24:00:00',
      '2021-01-01 10:60:00',
    ]) {
      expect(dateParts(text, 'ymd')).toBeUndefined();
    }
  });
});
