/** Random files under the names of tables: each is read or refused with a sentence that names it, and nothing else happens. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { expect, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { readTableFile } from './read-table.ts';

const pieces = [
  'a',
  'b',
  ',',
  ',',
  ';',
  '\t',
  '\n',
  '\n',
  '\r\n',
  '"',
  '""',
  "'",
  '1',
  '2.5',
  'NaN',
  '?',
  'true',
  '2020-01-02',
  ' ',
  '#',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\u0000',
  'é',
  '\ufeff',
  'PAR1',
];

/** Numerical Recipes' linear congruential generator: the same numbers on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('300 random files are read or refused', async () => {
  const folder = temporaryHome();
  const random = randomFrom(7);
  const names = ['a.csv', 'a.csv', 'a.jsonl', 'a.json', 'a.parquet', 'a.tsv', 'a.csv.gz', 'a.txt', 'a'];
  let read = 0;
  for (let i = 0; i < 300; i++) {
    const text = Array.from({ length: random(40) }, () => pieces[random(pieces.length)]).join('');
    const name = names[random(names.length)] as string;
    const path = join(folder, name);
    writeFileSync(path, random(10) === 0 ? Buffer.from(text, 'latin1') : text);
    try {
      const table = await readTableFile(path);
      for (const column of table.columns) {
        expect(column.kind === 'numeric' ? column.values.length : column.codes.length).toBe(table.rowCount);
      }
      read++;
    } catch (error) {
      expect(error, JSON.stringify(text)).toBeInstanceOf(MalachiteError);
      expect((error as MalachiteError).code, JSON.stringify(text)).toBe('InvalidInput');
      expect((error as Error).message).toContain(`"${name}"`);
    }
  }
  expect(read).toBeGreaterThan(30);
});
