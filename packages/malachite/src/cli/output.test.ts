import { expect, test } from 'vitest';
import type { Command } from './command.ts';
import { type OutputFormat, renderResult } from './output.ts';

const command: Command = {
  name: 'show',
  describe: '',
  options: [],
  example: '',
  columns: ['name', 'tags.owner'],
  run: async () => undefined,
};
const endpoint = {
  name: 'bank',
  scoringUri: 'http://127.0.0.1:1/score',
  tags: { costCenter: 'a', owner: 'me' },
  traffic: { blueGreen: 100 },
};
const render = (format: OutputFormat, query?: string, result: unknown = endpoint) =>
  renderResult(result, { format, query, command });

test('fields are printed in snake_case, names of the user stay as they are', () => {
  expect(JSON.parse(render('json'))).toEqual({
    name: 'bank',
    scoring_uri: 'http://127.0.0.1:1/score',
    tags: { costCenter: 'a', owner: 'me' },
    traffic: { blueGreen: 100 },
  });
  expect(render('yaml')).toContain('scoring_uri: http://127.0.0.1:1/score');
});

test('scripts of az ml carry over: --query scoring_uri -o tsv', () => {
  expect(render('tsv', 'scoring_uri')).toBe('http://127.0.0.1:1/score\n');
  expect(render('tsv', '[].name', [endpoint, endpoint])).toBe('bank\nbank\n');
  expect(() => render('json', '[[')).toThrow('is no JMESPath expression');
});

test('a table has the columns of the command, and the rows of a query', () => {
  expect(render('table')).toBe('name  owner\n----  -----\nbank  me\n');
  expect(render('table', '[].name', [endpoint, endpoint])).toBe('bank\nbank\n');
  expect(render('table', '[].[name, tags.owner]', [endpoint])).toBe('bank  me\n');
  const rows = {
    columns: [{ name: 'job' }, { name: 'calls' }],
    rows: [
      ['admin.', 1062],
      ['student', 7],
    ],
  };
  expect(render('table', undefined, rows)).toBe('job      calls\n-------  -----\nadmin.    1062\nstudent      7\n');
});

test('a query that finds nothing prints null, as JMESPath calls it, and not an empty line', () => {
  expect(render('table', '[0]')).toBe('null\n');
  expect(render('json', '[0]')).toBe('null\n');
});

test('none prints nothing', () => {
  expect(render('none')).toBe('');
  expect(renderResult(undefined, { format: 'json', query: undefined, command })).toBe('');
});
