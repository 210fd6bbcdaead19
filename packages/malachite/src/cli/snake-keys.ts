/** Results as `az ml` prints them: field names in snake_case, names of the user's own left as they are. */
import { snakeCase } from '../yaml/snake-case.ts';

/** Fields whose value is a mapping with names that are data: metrics, tags, step names, headers. */
const ownNames = new Set([
  'tags',
  'properties',
  'metrics',
  'parameters',
  'traffic',
  'mirrorTraffic',
  'environmentVariables',
  'quantiles',
  'headers',
  'inputs',
  'jobs',
  'opsets',
  'operators',
  'metadata',
  'autoML',
  'columnNameAndTypes',
]);

export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [snakeCase(key), ownNames.has(key) ? keepNames(field) : snakeKeys(field)]),
  );
}

/** The names stay; what stands under them (a pipeline's step) is converted again. */
function keepNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return snakeKeys(value);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, snakeKeys(field)]));
}
