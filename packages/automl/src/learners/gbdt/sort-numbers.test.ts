import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { sortNumbers } from './sort-numbers.ts';

describe('sortNumbers', () => {
  it.each([5000, 300])('puts %i numbers of every size in the order that the language does, missing ones last', (length) => {
    const random = createRandom(8);
    const special = [
      0,
      -0,
      1,
      -1,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      1e-45,
      -1e-45,
      3.4e38,
      -3.4e38,
    ];
    const values = Float32Array.from(
      { length },
      (_, i) => special[random.nextInt(40)] ?? random.nextNormal() * 10 ** ((i % 60) - 30),
    );
    // A NaN whose sign bit is set, as some processors make them.
    new Uint32Array(values.buffer)[7] = 0xffc00000;
    const expected = values.slice().sort();
    const count = sortNumbers(values);
    expect(count).toBe(expected.filter((value) => !Number.isNaN(value)).length);
    expect(Array.from(values)).toEqual(Array.from(expected));
  });

  it('takes no numbers, or only missing ones', () => {
    expect(sortNumbers(new Float32Array(0))).toBe(0);
    expect(sortNumbers(Float32Array.of(Number.NaN, Number.NaN))).toBe(0);
  });
});
