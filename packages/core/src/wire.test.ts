import { describe, expect, it } from 'vitest';
import { type Operation, operations } from './operations.ts';
import { otherFieldsIn, pathFields } from './wire.ts';

const all = Object.entries(operations).flatMap(([port, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ id: `${port}.${method}`, operation })),
);

describe('the wire', () => {
  it('has one operation for each method and path', () => {
    const routes = all.map(({ operation }) => `${operation.method} ${operation.path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it.each(all)('finds every path field of $id in its input', ({ operation }) => {
    const { properties = {}, required = [] } = operation.input as { properties?: object; required?: string[] };
    for (const field of pathFields(operation)) {
      expect(Object.keys(properties)).toContain(field);
      expect(required).toContain(field);
    }
  });

  it('sends the other fields of reads and deletions in the query, of everything else in the body', () => {
    expect(otherFieldsIn(operations.datasets.preview)).toBe('query');
    expect(otherFieldsIn(operations.compute.delete)).toBe('query');
    expect(otherFieldsIn(operations.training.submit)).toBe('body');
    expect(otherFieldsIn(operations.compute.update)).toBe('body');
  });
});
