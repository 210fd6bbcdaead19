import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { exampleOf, examples } from './examples.ts';
import { type Operation, operations } from './operations.ts';
import { otherFieldsIn } from './wire.ts';

const bodied = Object.entries(operations).flatMap(([port, methods]) =>
  Object.entries(methods as Record<string, Operation>)
    .filter(([, operation]) => operation.kind === 'json' && otherFieldsIn(operation) === 'body')
    .map(([method, operation]) => ({ port, method, operation })),
);

describe('examples', () => {
  it.each(bodied)('$port $method has one, and it is valid against its own schema', ({ port, method, operation }) => {
    const example = exampleOf(port, method);
    expect(example).toBeDefined();
    expect([...Compile(operation.input).Errors(example)]).toEqual([]);
  });

  it('are of operations that have a body', () => {
    const written = Object.entries(examples).flatMap(([port, methods]) =>
      Object.keys(methods).map((method) => `${port}.${method}`),
    );
    expect(written.sort()).toEqual(bodied.map(({ port, method }) => `${port}.${method}`).sort());
  });

  it('would be found wrong by their schema if they were', () => {
    const { submit } = examples.training;
    expect(Compile(operations.training.submit.input).Check({ ...submit, validationDataSize: 1 })).toBe(false);
  });
});
