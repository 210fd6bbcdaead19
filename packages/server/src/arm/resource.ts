/** The envelope of every ARM resource, over what the caller sent and what the workspace knows. */
import { MalachiteError } from '@malachite/core';
import { idOf, type Scope, typeOf } from './paths.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export type SystemData = {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByType: 'User';
  readonly lastModifiedAt: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedByType: 'User';
};

/** There is one person on this machine. */
const person = 'Malachite';

export function systemData(createdAt: string, lastModifiedAt = createdAt): SystemData {
  return {
    createdAt,
    createdBy: person,
    createdByType: 'User',
    lastModifiedAt,
    lastModifiedBy: person,
    lastModifiedByType: 'User',
  };
}

type Parts = {
  readonly scope: Scope;
  /** Collections and names in turn: `['onlineEndpoints', 'bank', 'deployments', 'blue']`. */
  readonly path: readonly string[];
  readonly properties: object;
  readonly tags?: object;
  readonly location?: string;
  readonly sku?: object;
  readonly identity?: object;
  readonly kind?: string;
  readonly createdAt: string;
  readonly lastModifiedAt?: string;
};

/** @returns `{id, name, type, location?, tags?, …, properties, systemData}`. */
export function resource({ scope, path, properties, createdAt, lastModifiedAt, ...rest }: Parts): JsonObject {
  return {
    id: idOf(scope, ...path),
    name: path.at(-1) as string,
    type: typeOf(...path.filter((_, index) => index % 2 === 0)),
    ...rest,
    properties,
    systemData: systemData(createdAt, lastModifiedAt),
  } as JsonObject;
}

/** What the caller sent, kept for its unknown fields, under what the workspace knows; objects are joined field by field. */
export function over(kept: JsonObject | undefined, known: object): JsonObject {
  const joined: Record<string, Json | undefined> = { ...kept };
  for (const [key, value] of Object.entries(known) as [string, Json | undefined][]) {
    if (value === undefined) continue;
    const before = joined[key];
    joined[key] = isObject(before) && isObject(value) ? over(before, value) : value;
  }
  return joined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of an object that may not be there. Azure's clients agree on the case of field names; older ones do not. */
export function field(object: JsonObject | undefined, name: string): Json | undefined {
  if (object === undefined) return undefined;
  if (name in object) return object[name] ?? undefined;
  const wanted = name.toLowerCase();
  const found = Object.keys(object).find((key) => key.toLowerCase() === wanted);
  return found === undefined ? undefined : (object[found] ?? undefined);
}

/** @throws MalachiteError `InvalidInput` when there is something other than an object. */
export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = field(object, name);
  if (value === undefined || isObject(value)) return value;
  throw new MalachiteError('InvalidInput', `"${name}" must be an object.`);
}

/** @throws MalachiteError `InvalidInput` when there is something other than a text. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = field(object, name);
  if (value === undefined || typeof value === 'string') return value;
  throw new MalachiteError('InvalidInput', `"${name}" must be a text.`);
}

/** @throws MalachiteError `InvalidInput` when there is something other than a number. */
export function numberAt(object: JsonObject | undefined, name: string): number | undefined {
  const value = field(object, name);
  if (value === undefined || typeof value === 'number') return value;
  throw new MalachiteError('InvalidInput', `"${name}" must be a number.`);
}
