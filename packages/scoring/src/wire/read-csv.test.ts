import { expect, it } from 'vitest';
import { readCsv } from './read-csv.ts';

it.each<[string, string, string[][]]>([
  [
    'plain lines, CRLF and LF',
    'a,b\r\n1,2\n3,4',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  [
    'quotes, commas and line breaks within',
    '"a,""x""","b\nc"\n"",2\n',
    [
      ['a,"x"', 'b\nc'],
      ['', '2'],
    ],
  ],
  [
    'empty values, also the last',
    'a,b,c\n,,\n1,,',
    [
      ['a', 'b', 'c'],
      ['', '', ''],
      ['1', '', ''],
    ],
  ],
  ['a byte order mark and empty lines', '\uFEFFa\n\n1\n', [['a'], ['1']]],
  ['a column with a missing value, as pandas writes it', 'a\n""\n1\n', [['a'], [''], ['1']]],
  ['nothing', '', []],
])('%s', (_, text, rows) => {
  expect(readCsv(text)).toEqual(rows);
});

it('a quote that is never closed is refused with its line', () => {
  expect(() => readCsv('a\n"b')).toThrow('line 2');
});
