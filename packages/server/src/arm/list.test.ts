import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { page } from './list.ts';

const items = [
  { name: 'c', properties: { jobType: 'AutoML', tags: { team: 'blue', reviewed: '' }, properties: { p: 'q' } } },
  { name: 'b', properties: { jobType: 'Pipeline', tags: { team: 'red' } } },
  { name: 'a', tags: { team: 'blue' }, properties: {} },
];
const names = (query: object): unknown => {
  const { value } = page({ query, url: '/x' } as FastifyRequest, 'https://localhost', items);
  return (value as { name: string }[]).map(({ name }) => name);
};

test('a list is narrowed by tags, with or without a value, by properties, type and name', () => {
  expect(names({})).toEqual(['c', 'b', 'a']);
  expect(names({ tag: 'team' })).toEqual(['c', 'b', 'a']);
  expect(names({ tags: 'team=blue' })).toEqual(['c', 'a']);
  expect(names({ $tags: 'team=blue,reviewed' })).toEqual(['c']);
  expect(names({ properties: 'p=q' })).toEqual(['c']);
  expect(names({ jobType: 'pipeline' })).toEqual(['b']);
  expect(names({ name: 'A' })).toEqual(['a']);
  expect(names({ tags: ['team=red', 'team=blue'] })).toEqual(['b']);
});

test('so many are given as are asked for, in the order that is asked for', () => {
  expect(names({ $top: '2' })).toEqual(['c', 'b']);
  expect(names({ $orderBy: 'createdtime asc', $top: '1' })).toEqual(['a']);
  expect(names({ $skip: '2' })).toEqual(['a']);
});
