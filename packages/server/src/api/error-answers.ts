/** The failures that an operation may answer with, for the document: which statuses, and when. All have one form. */
import { ErrorBody, type Operation, pathFields } from '@malachite/core';

const sentences = {
  400: 'A field is missing, unknown or wrong; the message names it.',
  401: 'The API key is missing or wrong.',
  403: 'A page of another origin may not change the workspace.',
  404: 'What the call names does not exist.',
  409: 'The name is taken, or the resource is in a state that forbids this.',
  413: 'The body is larger than 16 MB.',
  500: 'It ran and failed.',
  501: 'Azure ML has this, this workspace does not.',
  503: 'The process that answers is not running.',
} as const;

type Status = keyof typeof sentences;

/** By status, with core's schema of an error; `keyed` when the server asks for an API key. */
export function errorAnswers(operation: Operation, keyed: boolean): Record<string, object> {
  const changes = operation.method !== 'GET';
  const hasJson = changes && operation.method !== 'DELETE' && operation.kind === 'json';
  const names = pathFields(operation).length > 0 || hasJson;
  const applies: Readonly<Record<Status, boolean>> = {
    400: true,
    401: keyed,
    403: changes,
    404: names,
    409: changes,
    413: hasJson,
    500: true,
    501: true,
    503: true,
  };
  const statuses = (Object.keys(sentences) as unknown as Status[]).filter((status) => applies[status]);
  return Object.fromEntries(statuses.map((status) => [status, inJson(sentences[status], ErrorBody)]));
}

/** An answer of a route, described for the document. */
export const inJson = (description: string, schema: object) => ({ description, content: { 'application/json': { schema } } });
