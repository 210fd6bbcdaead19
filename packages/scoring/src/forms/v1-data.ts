/**
 * `{"data": [{…}, …], "method": "predict"}`: the form of AutoML's v1 scoring scripts, and of the course. Those scripts return a string, so
 * the answer is JSON inside a JSON string: `"{\"result\": [\"yes\", \"no\"]}"`.
 */
import { MalachiteError } from '@malachite/core/errors';
import type { Rows } from '../model/batch.ts';
import { methodOf, resultsJson } from '../wire/answers.ts';
import type { BodyForm } from './form.ts';

export const v1Data: BodyForm = {
  name: 'v1 data',
  matches: (body) => body.data !== undefined,
  read: (body) => ({ rows: tableOf(body.data, 'data'), method: methodOf(body.method) }),
  write: (prediction, method) => `"{\\"result\\": ${escapeQuotes(resultsJson(prediction, method))}}"`,
};

/** A list of objects, or, for models that name no columns, a list of lists. @throws InvalidInput for anything else. */
export function tableOf(value: unknown, name: string): Rows {
  if (!Array.isArray(value)) throw new MalachiteError('InvalidInput', `"${name}" should be a list with one object a row.`);
  return Array.isArray(value[0]) ? { kind: 'matrix', lists: value } : { kind: 'records', records: value };
}

function escapeQuotes(json: string): string {
  return json.replace(/["\\]/g, '\\$&');
}
