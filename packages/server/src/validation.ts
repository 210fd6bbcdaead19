/** Checks requests against core's schemas, and says in one sentence which field is wrong and what it must be. */
import { MalachiteError } from '@malachite/core';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';

/**
 * Unknown fields stay, so that a strict schema refuses them; defaults are the workspace's to fill in; `allErrors` so that
 * the branch of a union that was meant can be found.
 */
const options = { allErrors: true, removeAdditional: false, useDefaults: false, verbose: true, strict: false } as const;
/** Text is what a path or query carries, so there "20" is a number; in a JSON body it is not. */
const ofText = formats.default(new Ajv({ ...options, coerceTypes: true }));
const ofJson = formats.default(new Ajv({ ...options, coerceTypes: false }));

export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) => {
  // Compiled when the route is first asked: all of them at the start would be half of what the start takes.
  let validate: ValidateFunction | undefined;
  return (value: unknown) => {
    validate ??= (httpPart === 'body' ? ofJson : ofText).compile(schema as object);
    // A request without a body is one without fields.
    const checked = value ?? (httpPart === 'body' ? {} : value);
    if (validate(checked)) return { value: checked };
    return { error: new MalachiteError('InvalidInput', sentence(meant(validate.errors ?? []), httpPart)) };
  };
};

/**
 * The error to report. Of a union, the branches that a wrong `type` rules out are left aside; were all ruled out, the
 * word must be one of all of theirs. Unknown fields come first, for a misspelt field also makes its right spelling missing.
 */
function meant(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const types = errors.filter((error) => error.keyword === 'enum' && branchOf(error) && error.instancePath.endsWith('/type'));
  const ruledOut = new Set(types.map(branchOf));
  const left = errors.filter((error) => error.keyword !== 'anyOf' && !(branchOf(error) && ruledOut.has(branchOf(error))));
  const [type] = types;
  if (left.length === 0 && type) {
    return { ...type, params: { allowedValues: types.flatMap((error) => error.params.allowedValues as unknown[]) } };
  }
  return left.find((error) => error.keyword === 'additionalProperties') ?? left[0] ?? errors[0];
}

const branchOf = ({ schemaPath }: ErrorObject) => /^(.*\/anyOf\/\d+)\//.exec(schemaPath)?.[1];

function sentence(error: ErrorObject | undefined, part: string | undefined): string {
  if (!error) return 'The request is not valid.';
  const where = error.instancePath.slice(1).replaceAll('/', '.');
  const place = where === '' ? `The ${part === 'querystring' ? 'query' : (part ?? 'request')}` : `"${where}"`;
  const field = (name: string) => `"${where === '' ? name : `${where}.${name}`}"`;
  const { properties = {}, description } = error.parentSchema as { properties?: object; description?: string };
  switch (error.keyword) {
    case 'required': {
      const name = error.params.missingProperty as string;
      const about = (properties as Record<string, { description?: string }>)[name]?.description;
      return `${field(name)} is missing.${about ? ` ${about}` : ''}`;
    }
    case 'additionalProperties': {
      const names = Object.keys(properties);
      const known = names.length > 0 ? `Fields: ${names.join(', ')}.` : 'There are none to give.';
      return `${field(error.params.additionalProperty as string)} is no field here. ${known}`;
    }
    case 'enum':
      return `${place} must be one of ${(error.params.allowedValues as unknown[]).join(', ')}; it is ${shown(error.data)}.`;
    case 'pattern':
      return `${place} is not well formed: ${shown(error.data)}. ${description ?? `It must match ${error.params.pattern}.`}`;
    default:
      return `${place} ${error.message}; it is ${shown(error.data)}.`;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
