import { describe, expect, it } from 'vitest';
import { parseFilter, parseOrder } from './filter.ts';

describe('filters', () => {
  it.each([
    ['metrics.acc > 0.9', [{ entity: 'metrics', key: 'acc', operator: '>', values: [0.9] }]],
    ["params.model = 'a''b'", [{ entity: 'params', key: 'model', operator: '=', values: ["a'b"] }]],
    ['tags.`mlflow.runName` LIKE "a%"', [{ entity: 'tags', key: 'mlflow.runName', operator: 'LIKE', values: ['a%'] }]],
    ['tags.mlflow.source.type = "JOB"', [{ entity: 'tags', key: 'mlflow.source.type', operator: '=', values: ['JOB'] }]],
    ["status = 'FINISHED'", [{ entity: 'attributes', key: 'status', operator: '=', values: ['FINISHED'] }]],
    ["attributes.run_id NOT IN ('a', 'b')", [{ entity: 'attributes', key: 'run_id', operator: 'NOT IN', values: ['a', 'b'] }]],
    ['metrics."val loss" <= -1e-3', [{ entity: 'metrics', key: 'val loss', operator: '<=', values: [-0.001] }]],
    ['param.x is not null', [{ entity: 'params', key: 'x', operator: 'IS NOT NULL', values: [] }]],
    ['  ', []],
  ])('%s', (text, expected) => {
    expect(parseFilter(text)).toEqual(expected);
  });

  it('joins comparisons by AND, in any case', () => {
    expect(parseFilter("metrics.a > 1 and params.b != '2' AND name ilike 'x%'").map(({ key }) => key)).toEqual([
      'a',
      'b',
      'name',
    ]);
  });

  it.each([
    'metrics.a >',
    'metrics.a <<< 3',
    'metrics.a > 1 OR metrics.b > 2',
    'metrics.a = b',
    "params.a = 'x",
    'a IN 1',
    '= 3',
    "name = 'a'; DROP TABLE runs",
  ])('refuses %s with a sentence', (text) => {
    expect(() => parseFilter(text)).toThrow(/^The filter or order ".*" is wrong: /s);
  });

  it('reads orders', () => {
    expect(parseOrder('metrics.acc DESC')).toEqual({ entity: 'metrics', key: 'acc', descending: true });
    expect(parseOrder('start_time')).toEqual({ entity: 'attributes', key: 'start_time', descending: false });
    expect(() => parseOrder('metrics.acc sideways')).toThrow(/ASC or DESC/);
  });
});
