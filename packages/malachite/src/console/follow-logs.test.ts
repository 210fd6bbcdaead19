import { expect, test } from 'vitest';
import { linesSince } from './follow-logs.ts';

test('only what came since the last look is new, also when the window has moved on', () => {
  expect(linesSince([], ['a', 'b'])).toEqual(['a', 'b']);
  expect(linesSince(['a', 'b'], ['a', 'b'])).toEqual([]);
  expect(linesSince(['a', 'b'], ['a', 'b', 'c'])).toEqual(['c']);
  expect(linesSince(['a', 'b', 'c'], ['b', 'c', 'd', 'e'])).toEqual(['d', 'e']);
  expect(linesSince(['a', 'b'], ['x', 'y'])).toEqual(['x', 'y']);
});
