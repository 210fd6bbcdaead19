import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { withDuckDB } from './duckdb.ts';
import { headerOf } from './header-names.ts';

const dialect = { delim: ',', quote: '"', escape: '"', skip: 0 };

/** @param bytes of the file; without them it is not there. */
function header(bytes?: string | Buffer): Promise<string[] | undefined> {
  const path = join(temporaryHome(), 'table.csv');
  if (bytes !== undefined) writeFileSync(path, bytes);
  return withDuckDB((connection) => headerOf(connection, { path, compression: 'none', encoding: 'utf-8' }, dialect));
}

test('a header is read out of its quotes', async () => {
  expect(await header('\uFEFF"a, ""b""",c\n1,2\n')).toEqual(['a, "b"', 'c']);
});

test.each([
  ['in another encoding', Buffer.from([0x61, 0xff, 0x2c, 0x62, 0x0a])],
  ['longer than a line may be', `${'a'.repeat(3_000_000)},b\n`],
  ['with a character that is in no header', 'a\u001fb,c\n'],
])('a header %s is none', async (_, bytes) => {
  expect(await header(bytes)).toBeUndefined();
});

test('a file that is not there is a failure', async () => {
  await expect(header()).rejects.toThrow('No files found');
});
