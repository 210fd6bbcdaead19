/** Fields of a call, whichever way they came, with the types that MLflow's protocol gives them. */
import type { FastifyRequest } from 'fastify';
import { invalid } from './errors.ts';

/** Fields of the query and of the JSON body, together: which of them a client uses depends on its version. */
export type Input = Readonly<Record<string, unknown>>;

/** @throws MalachiteError `InvalidInput` for a field of another type; a null is a field that is not there. */
export function inputOf(request: FastifyRequest): Input {
  const all = { ...(request.query as Input), ...(request.body as Input | undefined), ...(request.params as Input) };
  const input = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  for (const name of texts) {
    if (!['undefined', 'string', 'number'].includes(typeof input[name])) throw invalid(`"${name}" must be a text.`);
  }
  for (const name of keyed) {
    const isRight = (each: unknown) => typeof (each as { key?: unknown } | null)?.key === 'string';
    if (!listed(input, name).every(isRight)) throw invalid(`"${name}" must be a list of objects with a "key".`);
  }
  // Filters and ids may come from a form as numbers.
  return { ...input, ...Object.fromEntries(texts.flatMap((name) => (name in input ? [[name, String(input[name])]] : []))) };
}

function listed(input: Input, name: string): readonly unknown[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw invalid(`"${name}" must be a list.`);
  return value;
}

const texts = [
  ...['filter', 'name', 'new_name', 'description', 'experiment_name', 'experiment_id', 'run_id', 'run_uuid', 'run_name'],
  ...[
    'user_id',
    'source',
    'source_run_id',
    'model_type',
    'page_token',
    'artifact_location',
    'metric_key',
    'run_link',
    'model_id',
  ],
];
const keyed = ['tags', 'params', 'metrics'];
