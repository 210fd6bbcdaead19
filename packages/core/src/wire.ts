/**
 * How an operation travels over HTTP, shared by the server and its client so that they cannot drift.
 *
 * Events are server-sent: each is a message whose `data` is the event and whose `id` is its sequence, where it has one.
 * A message named `end` says that nothing follows; one named `error` carries an error's body. A connection that breaks
 * before either is a broken connection: the reader comes back with `after`, or with the header `Last-Event-ID`.
 */
import { type Static, Type } from 'typebox';
import { type ErrorCode, errorStatus } from './errors.ts';
import type { Operation } from './operations.ts';
import { OneOf, Strict } from './schema.ts';

/** Where the operations begin: `http://127.0.0.1:10100` + apiPrefix + path. */
export const apiPrefix = '/api/v1';

/** The fields of an operation's input that its path names, in order. */
export const pathFields = (operation: Operation): string[] =>
  [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);

/** Where the other fields travel. */
export const otherFieldsIn = (operation: Operation): 'query' | 'body' =>
  operation.method === 'GET' || operation.method === 'DELETE' ? 'query' : 'body';

/** The body of every answer that is no success. */
export const ErrorBody = Type.Object({
  error: Type.Object({
    code: OneOf(Object.keys(errorStatus) as ErrorCode[], 'For programs.'),
    message: Type.String({ description: 'For people: what was asked for, what was found, what to do.' }),
  }),
});
export type ErrorBody = Static<typeof ErrorBody>;

/** `GET /workspace`: which workspace answers, and what it can do. */
export const WorkspaceInfo = Type.Object({
  name: Type.String(),
  backend: OneOf(['local', 'http', 'azure']),
  supports: Type.Object({
    schema: Type.Boolean(),
    profile: Type.Boolean(),
    query: Type.Boolean(),
    automl: Type.Boolean(),
    events: Type.Boolean(),
    proof: Type.Boolean(),
    explanation: Type.Boolean(),
    signature: Type.Boolean(),
    inspection: Type.Boolean(),
    anonymous: Type.Boolean(),
    pipelines: Type.Boolean(),
    pipelineKeys: Type.Boolean(),
    dataTriggers: Type.Boolean(),
    telemetry: Type.Boolean(),
  }),
  version: Type.String({ description: 'Of the Malachite that serves.' }),
});
export type WorkspaceInfo = Static<typeof WorkspaceInfo>;

/** The one operation of no port. */
export const workspaceInfo: Operation = {
  kind: 'json',
  method: 'GET',
  path: '/workspace',
  summary: 'Show the workspace',
  input: Strict({}),
  output: WorkspaceInfo,
};
