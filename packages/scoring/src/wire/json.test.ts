import { describe, expect, it } from 'vitest';
import { jsonDumps, jsonFloat, jsonText } from './python-json.ts';
import { readJson } from './read-json.ts';

/** What CPython 3.12 prints for `json.dumps(value)`. */
describe('numbers and text as Python writes them', () => {
  it.each<[number, string]>([
    [0, '0.0'],
    [-0, '-0.0'],
    [1, '1.0'],
    [0.1, '0.1'],
    [0.6711841225624084, '0.6711841225624084'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('%d is %s', (value, text) => expect(jsonFloat(value)).toBe(text));

  it('escapes everything beyond ASCII', () => {
    expect(jsonText('é中😀"\\\n\u007f')).toBe('"\\u00e9\\u4e2d\\ud83d\\ude00\\"\\\\\\n\\u007f"');
    expect(jsonDumps({ a: [1, 2.5, null, true, 'x'], b: {} })).toBe('{"a": [1, 2.5, null, true, "x"], "b": {}}');
  });
});

/** What CPython 3.11 says for `json.loads(text)`. */
describe('broken JSON, in the words of Python', () => {
  it.each<[string, string]>([
    ['{"data": ', 'Expecting value: line 1 column 10 (char 9)'],
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['{', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ["{'a': 1}", 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a": 1 "b": 2}', "Expecting ',' delimiter: line 1 column 9 (char 8)"],
    ['[1 2]', "Expecting ',' delimiter: line 1 column 4 (char 3)"],
    ['[1,\n 2,\n x]', 'Expecting value: line 3 column 2 (char 9)'],
    ['{"a": 1} extra', 'Extra data: line 1 column 10 (char 9)'],
    ['"abc', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"a\tb"', 'Invalid control character at: line 1 column 3 (char 2)'],
    ['"\\x"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['"\\u12"', 'Invalid \\uXXXX escape: line 1 column 3 (char 2)'],
    ['[01]', "Expecting ',' delimiter: line 1 column 3 (char 2)"],
    ['[1,]', 'Expecting value: line 1 column 4 (char 3)'],
    ['[-]', 'Expecting value: line 1 column 2 (char 1)'],
  ])('%j: %s', (text, words) => {
    expect(() => readJson(Buffer.from(text))).toThrow(`POST body could not be decoded as JSON: ${words}`);
  });

  it('reads what Python reads and JSON does not: NaN and infinities', () => {
    expect(readJson(Buffer.from('{"a": [NaN, Infinity, -Infinity, -1.5e3, "\\u00e9"], "__proto__": {"x": 1}}'))).toEqual(
      Object.defineProperty({ a: [Number.NaN, Infinity, -Infinity, -1500, 'é'] }, '__proto__', {
        value: { x: 1 },
        enumerable: true,
      }),
    );
  });
});
