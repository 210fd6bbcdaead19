/** What the routes of MLflow's API share: how one is registered, and how fields of a call are read. */
import { invalid } from '../errors.ts';
import type { Input } from '../input.ts';

export type Handler = (input: Input) => unknown;

/** Registers a path below `/api/2.0/mlflow/`; `methods` with spaces between them. What answers nothing answers `{}`. */
export type On = (methods: string, path: string, handler: Handler) => void;

/** @throws MalachiteError `InvalidInput` where it is missing */
export function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw invalid(`Missing value for required parameter '${name}'.`);
}

/** @throws MalachiteError `InvalidInput` for what is no list; empty where it is missing */
export function list<T>(input: Input, name: string): T[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw invalid(`"${name}" must be a list.`);
  return value as T[];
}

/** A page of a search: `name` is what its rows are called. */
export function pageAs<R>(name: string, page: readonly R[], next: string | undefined): Readonly<Record<string, unknown>> {
  return { [name]: page, ...(next && { next_page_token: next }) };
}
