import { describe, expect, it } from 'vitest';
import { fullDate } from './dates.ts';

describe('dates for graphs that cut them at fixed places', () => {
  it.each<[string, string | undefined]>([
    ['2024-02-29', '2024-02-29 00:00:00'],
    ['29/02/2024', '2024-02-29 00:00:00'],
    ['02/29/2024', '2024-02-29 00:00:00'],
    ['2024/2/9 7:05', '2024-02-09 07:05:00'],
    ['2024-02-29T13:45:10.123Z', '2024-02-29 13:45:10'],
    ['2024-02-29 13:45:10+01:00', '2024-02-29 13:45:10'],
    ['2023-02-29', undefined],
    ['2024-02-29 25:00', undefined],
    ['next week', undefined],
    ['', undefined],
  ])('%s -> %s', (text, full) => expect(fullDate(text)).toBe(full));
});
