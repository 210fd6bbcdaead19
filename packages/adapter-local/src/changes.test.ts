import { expect, test } from 'vitest';
import { openChanges } from './changes.ts';

/** A follower of a growing list of numbers; a negative number is the last. */
function follower(changes: ReturnType<typeof openChanges>, numbers: readonly number[]) {
  let seen = 0;
  const read = (): readonly number[] => {
    const fresh = numbers.slice(seen);
    seen = numbers.length;
    return fresh;
  };
  return Array.fromAsync(changes.follow('numbers', read, () => (numbers.at(-1) ?? 0) < 0));
}

test('two followers that start at different times see the same values in the same order', async () => {
  const changes = openChanges();
  const numbers = [1];
  const first = follower(changes, numbers);
  await Promise.resolve();
  numbers.push(2);
  changes.changed('numbers');
  const second = follower(changes, numbers);
  numbers.push(3, -1);
  changes.changed('numbers');
  expect(await first).toEqual([1, 2, 3, -1]);
  expect(await second).toEqual([1, 2, 3, -1]);
});

test('a change that happens while a follower handles a value is not missed', async () => {
  const changes = openChanges();
  const numbers = [1];
  let seen = 0;
  const read = (): readonly number[] => {
    const fresh = numbers.slice(seen);
    seen = numbers.length;
    return fresh;
  };
  const values: number[] = [];
  for await (const value of changes.follow('numbers', read, () => numbers.includes(-1))) {
    values.push(value);
    if (value === 1) {
      numbers.push(-1);
      changes.changed('numbers');
    }
  }
  expect(values).toEqual([1, -1]);
});

test('closing ends a follower that waits', async () => {
  const changes = openChanges();
  const values = follower(changes, [1]);
  await Promise.resolve();
  changes.close();
  expect(await values).toEqual([1]);
});

test('a follower that comes after the end reads what there is and ends', async () => {
  const changes = openChanges();
  expect(await follower(changes, [1, -1])).toEqual([1, -1]);
  expect(
    await Array.fromAsync(
      changes.follow(
        'numbers',
        () => [],
        () => true,
      ),
    ),
  ).toEqual([]);
});
