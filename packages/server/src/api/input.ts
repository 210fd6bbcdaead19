/** An operation's input, taken apart into what travels in the path, the query and the body, and put together again. */
import { type Operation, otherFieldsIn, pathFields } from '@malachite/core';
import type { FastifyRequest, FastifySchema } from 'fastify';

type ObjectSchema = { readonly properties: Readonly<Record<string, object>>; readonly required?: readonly string[] };

export const fieldsOf = (operation: Operation) => (operation.input as unknown as ObjectSchema).properties;

/** The request part of a route's schema: no unknown field in any part. */
export function inputSchema(operation: Operation): Pick<FastifySchema, 'params' | 'querystring' | 'body'> {
  const { properties, required = [] } = operation.input as unknown as ObjectSchema;
  const part = (wanted: (field: string) => boolean) => {
    const entries = Object.entries(properties).filter(([field]) => wanted(field));
    return entries.length === 0
      ? undefined
      : {
          type: 'object',
          additionalProperties: false,
          required: required.filter(wanted),
          properties: Object.fromEntries(entries),
        };
  };
  const inPath = new Set(pathFields(operation));
  if (inPath.size === 0 && otherFieldsIn(operation) === 'body') return { body: operation.input };
  const others = part((field) => !inPath.has(field)) ?? { type: 'object', additionalProperties: false };
  const otherPart = otherFieldsIn(operation) === 'query' ? 'querystring' : 'body';
  const params = part((field) => inPath.has(field));
  return { ...(params && { params }), [otherPart]: others };
}

export const inputOf = (operation: Operation, request: FastifyRequest): Record<string, unknown> => ({
  ...((otherFieldsIn(operation) === 'query' ? request.query : request.body) as object | undefined),
  ...(request.params as object),
});
