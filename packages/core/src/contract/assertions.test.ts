import { describe, expect, it } from 'vitest';
import { MalachiteError } from '../errors.ts';
import { collect, equal, eventually, near, ok, refused } from './assertions.ts';

const notFound = async () => {
  throw new MalachiteError('NotFound', 'Dataset "bank:3" does not exist. Versions: 1, 2.');
};
async function* failing(): AsyncGenerator<number> {
  yield 1;
  await notFound();
}

describe("the suite's assertions", () => {
  it('hold equal what is equal, whatever the order of fields, and fail otherwise', () => {
    equal({ a: 1, b: [1, { c: 2, d: 3 }] }, { b: [1, { d: 3, c: 2 }], a: 1 });
    expect(() => equal({ a: 1 }, { a: 2 }, 'The pair')).toThrow(/^The pair is\n {2}\{"a":1\}\nand should be\n {2}\{"a":2\}$/);
    expect(() => equal([1, 2], [2, 1])).toThrow();
    expect(() => equal(undefined, null)).toThrow();
    expect(() => ok(0, 'It should be more.')).toThrow('It should be more.');
  });

  it('hold numbers near that are, and no others', () => {
    near(1e9 + 0.5, 1e9, 'The sum');
    expect(() => near(1.000001, 1, 'The mean')).toThrow(/The mean is 1.000001/);
    expect(() => near(null, 1, 'The mean')).toThrow();
    expect(() => near(Number.NaN, 1, 'The mean')).toThrow();
  });

  it('hold refused what fails with the code and names the words', async () => {
    await refused(notFound(), 'NotFound', 'bank:3', '1, 2');
    await refused(failing(), 'NotFound');
    await expect(refused(notFound(), 'Conflict')).rejects.toThrow(/fails as NotFound and should as Conflict/);
    await expect(refused(notFound(), 'NotFound', 'cheese')).rejects.toThrow(/should name cheese/);
    await expect(refused(Promise.resolve([1]), 'NotFound')).rejects.toThrow(/should fail as NotFound, and answers \[1\]/);
    await expect(refused(Promise.reject(new Error('plain')), 'Failed')).rejects.toThrow(/fails as undefined/);
  });

  it('wait for what comes soon, and no longer than they are told', async () => {
    let asked = 0;
    expect(await eventually('The third', async () => (++asked === 3 ? asked : undefined))).toBe(3);
    await expect(eventually('Nothing', async () => undefined, 60)).rejects.toThrow('Nothing did not happen within 60 ms');
  });

  it('collect what is iterated', async () => {
    expect(await collect(ReadableStream.from([1, 2]))).toEqual([1, 2]);
  });
});
