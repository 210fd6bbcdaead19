import { describe, expect, test } from 'vitest';
import { type Column, numericColumn, stringColumn, takeRows } from '../table/table.ts';
import { haveRecordings, needsRecordings, recording } from '../testing/recordings.ts';
import { dateFormatOf } from './date-format.ts';
import { detectPurpose } from './detect-purpose.ts';

type Probe = { case: string; rows: number; unique: number; inferred_type: string; purpose: string };

const pad = (value: number, width = 2) => String(value).padStart(width, '0');
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function strftime(format: string, date: Date): string {
  const parts: Record<string, string> = {
    Y: String(date.getUTCFullYear()),
    y: pad(date.getUTCFullYear() % 100),
    m: pad(date.getUTCMonth() + 1),
    d: pad(date.getUTCDate()),
    H: pad(date.getUTCHours()),
    M: pad(date.getUTCMinutes()),
    S: pad(date.getUTCSeconds()),
    B: months[date.getUTCMonth()]!,
    b: months[date.getUTCMonth()]!.slice(0, 3),
    A: weekdays[date.getUTCDay()]!,
  };
  return format.replace(/%([A-Za-z])/g, (_, letter: string) => parts[letter]!);
}

/** A column with the rows and the number of distinct values of a probe. */
function columnFor({ case: name, rows, unique }: Probe): Column {
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: rows }, (_, row) => make(row % unique));
  const texts = (make: (i: number) => string) => stringColumn(name, each(make));
  const days = (i: number) => new Date(Date.UTC(2023, 4, 7) + i * 86_400_000);
  const format = /^date format (.*)$/.exec(name)?.[1];
  if (format !== undefined) {
    const step = /%H/.test(format) ? 3_601_000 : 86_400_000;
    return stringColumn(
      name,
      Array.from({ length: rows }, (_, row) => strftime(format, new Date(Date.UTC(2023, 4, 7) + (row % 42) * step))),
    );
  }
  switch (name) {
    case 'integer':
    case 'large ints':
      return numericColumn(
        name,
        each((i) => i * 1_000_003),
      );
    case 'float':
    case 'mixed int and float objects':
      return numericColumn(
        name,
        each((i) => i + 0.25),
      );
    case 'integers with missing (float dtype)':
    case 'one unique plus missing':
      return numericColumn(
        name,
        Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? null : row % unique)),
      );
    case 'inf':
      return numericColumn(
        name,
        each((i) => (i === 0 ? Number.POSITIVE_INFINITY : i)),
      );
    case 'three words':
      return texts((i) => `one two w${i}`);
    case 'two words':
      return texts((i) => `one w${i}`);
    case 'datetime64':
      return stringColumn(
        name,
        each((i) => days(i).toISOString().slice(0, 19).replace('T', ' ')),
        'timestamp',
      );
    case 'bool':
      return stringColumn(
        name,
        each((i) => (i === 0 ? 'False' : 'True')),
        'boolean',
      );
    case 'bool with missing':
      return stringColumn(
        name,
        Array.from({ length: rows }, (_, row) => [null, 'True', 'False'][row % 3]),
        'boolean',
      );
    case 'dates one bad value':
      return stringColumn(
        name,
        Array.from({ length: rows }, (_, row) => (row === 500 ? 'unknown' : strftime('%Y-%m-%d', days(row % 42)))),
      );
    case 'dates first value bad':
      return stringColumn(
        name,
        Array.from({ length: rows }, (_, row) => (row === 0 ? 'unknown' : strftime('%Y-%m-%d', days(row % 42)))),
      );
    case 'dates with missing':
      return stringColumn(
        name,
        Array.from({ length: rows }, (_, row) => (row % 9 === 0 ? null : strftime('%Y-%m-%d', days(row % 42)))),
      );
    case 'integer strings':
    case 'integer strings few':
      return texts(String);
    case 'float strings':
      return texts((i) => `${i}.5`);
    case 'decimal comma':
      return texts((i) => `${i},5`);
    case 'money':
      return texts((i) => `$${i}.50`);
    case 'md5':
    case 'uuid-like short 150 rows':
      return texts((i) => `${pad(i * 7919, 8)}abcdef`);
    case 'chinese':
      return texts((i) => `这是一个测试${i}`);
    default: // words, yes/no, mixed int and text
      return texts((i) => `w${i}`);
  }
}

describe.skipIf(!haveRecordings)(`column purposes equal those of Azure's engine${needsRecordings}`, () => {
  const { column_purpose: probes = [] } = recording<{ column_purpose?: Probe[] }>('engine/guardrails.json');
  // A column that pandas was told to be a category is one; a file cannot say so, and our table has no such type.
  const comparable = probes.filter((probe) => probe.inferred_type !== 'categorical');

  test('all probes but the pandas category are compared', () => {
    expect([probes.length, comparable.length]).toEqual([264, 263]);
  });

  test.each(comparable.map((probe) => [`${probe.case}, ${probe.rows} rows, ${probe.unique} distinct`, probe] as const))(
    '%s',
    (_, probe) => {
      const detected = detectPurpose(columnFor(probe));
      expect([detected.purpose, detected.reason]).toEqual([probe.purpose, expect.stringMatching(/^.{8,}\.$/)]);
      if (!probe.case.startsWith('date format')) expect(detected.distinct).toBe(probe.unique);
    },
  );
});

describe('date formats', () => {
  test.each([
    ['%Y-%m-%d', ['2024-02-29', '2023-12-01']],
    ['%d/%m/%Y', ['03/04/2024', '29/02/2024']],
    ['%m/%d/%Y', ['03/04/2024', '02/29/2024']],
    ['%m/%d/%y', ['03/04/24', '12/31/99']],
    ['%d-%m-%Y', ['31-12-2024']],
    ['%Y-%m-%dT%H:%M:%SZ', ['2024-01-01T00:00:00Z', '2024-01-01T23:59:59Z']],
    ['%Y-%m-%d %H:%M', ['2024-01-01 7:30']],
  ])('%s', (format, texts) => {
    expect(dateFormatOf(texts)?.format).toBe(format);
  });

  test.each([[['2023-02-29']], [['2024-13-01']], [['31.12.2024']], [['2024-01-01', '01/02/2024']], [['2024-01-01 25:00']], [[]]])(
    '%j is no column of dates',
    (texts) => expect(dateFormatOf(texts)).toBeUndefined(),
  );
});

test('missing values and values that rows no longer use are not counted as distinct', () => {
  const column = stringColumn('c', ['a', null, 'b', '', 'a']);
  expect(detectPurpose(column)).toMatchObject({ rows: 5, distinct: 2, missing: 2 });
  const [firstRows] = takeRows({ rowCount: 5, columns: [column] }, [0, 1]).columns;
  expect(detectPurpose(firstRows!)).toMatchObject({ distinct: 1, purpose: 'Ignore' });
});
