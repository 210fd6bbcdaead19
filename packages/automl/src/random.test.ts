import { expect, test } from 'vitest';
import { createRandom } from './random.ts';

test('the same seed gives the same numbers on any machine, another seed others', () => {
  const draw = (seed: number) => Array.from({ length: 4 }, createRandom(seed).nextFloat);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  const random = createRandom(42);
  expect(Array.from({ length: 4 }, () => random.nextInt(1000))).toEqual([153, 850, 18, 211]);
});

test('floats fill [0, 1) evenly', () => {
  const random = createRandom(7);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(random.nextFloat() * 10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400); // 4 standard deviations
});

test('a shuffle keeps every element and moves each to each place equally often', () => {
  const random = createRandom(3);
  const places = new Array<number>(5).fill(0);
  for (let i = 0; i < 20_000; i++) {
    const shuffled = random.shuffle([0, 1, 2, 3, 4]);
    expect(new Set(shuffled).size).toBe(5);
    places[shuffled.indexOf(0)]!++;
  }
  for (const count of places) expect(Math.abs(count - 4000)).toBeLessThan(230);
});
