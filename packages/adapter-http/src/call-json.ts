import { type Operation, otherFieldsIn, pathFields } from '@malachite/core';
import { broken, type Connection, type Input, send } from './connection.ts';

/** Asks once, answers once; `undefined` for an operation that answers nothing. */
export async function callJson(connection: Connection, operation: Operation, input: Input): Promise<unknown> {
  const body = bodyOf(operation, input);
  const response = await send(connection, operation, input, {
    accept: 'application/json',
    ...(body && { content: { type: 'application/json', body: JSON.stringify(body) } }),
  });
  try {
    return response.status === 204 ? undefined : await response.json();
  } catch (thrown) {
    throw broken(connection, thrown);
  }
}

function bodyOf(operation: Operation, input: Input): Input | undefined {
  if (otherFieldsIn(operation) === 'query') return undefined;
  const inPath = pathFields(operation);
  const fields = Object.entries(input).filter(([field, value]) => value !== undefined && !inPath.includes(field));
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}
