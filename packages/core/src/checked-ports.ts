/** Every call of a port is checked against core's own schema of its input, whoever makes it; after the end none is made. */
import { Value } from 'typebox/value';
import { MalachiteError } from './errors.ts';
import { type Operation, operations } from './operations.ts';
import type { PortName, Ports } from './workspace.ts';

type Call = (input?: unknown) => unknown;

/**
 * The same ports, with `InvalidInput` for an input that its schema refuses. The sentence names the field and what it
 * must be: `limits.maxTrials must be >= 1.`
 * @param isOpen once false, every call is `Unavailable`.
 */
export function checkedPorts(ports: Ports, isOpen: () => boolean): Ports {
  const mustBeOpen = (): void => {
    if (!isOpen()) throw new MalachiteError('Unavailable', 'The workspace is closed. Open it again.');
  };
  const checked = Object.entries(operations).map(([name, calls]) => [
    name,
    checkedPort(ports[name as PortName], calls, mustBeOpen),
  ]);
  return Object.fromEntries(checked) as Ports;
}

function checkedPort(port: object, calls: Readonly<Record<string, Operation>>, mustBeOpen: () => void): object {
  const methods = Object.entries(calls).map(([name, operation]) => {
    const call = (Reflect.get(port, name) as Call).bind(port);
    return [name, checkedCall(operation, call, mustBeOpen)];
  });
  return Object.fromEntries(methods);
}

/** A promise rejects; an iterable throws when it is iterated. An upload's input is the bytes. */
function checkedCall(operation: Operation, call: Call, mustBeOpen: () => void): Call {
  if (operation.kind === 'json' || operation.kind === 'upload') {
    return async (input) => {
      mustBeOpen();
      if (operation.kind === 'json') check(operation, input);
      return call(input);
    };
  }
  return async function* (input) {
    mustBeOpen();
    check(operation, input);
    yield* call(input) as AsyncIterable<unknown>;
  };
}

function check({ input: schema, summary }: Operation, input: unknown = {}): void {
  if (Value.Check(schema, input)) return;
  throw new MalachiteError('InvalidInput', `${summary}: ${whatIsWrong(Value.Errors(schema, input))}`);
}

type SchemaErrors = ReturnType<typeof Value.Errors>;

/** The most telling of a schema's complaints: an unknown or missing field before what follows from it. */
function whatIsWrong(errors: SchemaErrors): string {
  const [first] = errors.toSorted((a, b) => rank(a) - rank(b));
  if (!first) return 'the input is not of the form that its schema asks for.';
  const field = first.instancePath.slice(1).replaceAll('/', '.') || 'the input';
  if (first.keyword === 'additionalProperties') {
    return `${field} has no field ${first.params.additionalProperties.map((name) => `"${name}"`).join(', ')}.`;
  }
  if (first.keyword === 'required') {
    return `${field} lacks ${first.params.requiredProperties.map((name) => `"${name}"`).join(', ')}.`;
  }
  if (first.keyword === 'enum') return `${field} must be one of ${first.params.allowedValues.join(', ')}.`;
  if (first.keyword === 'pattern') return `${field} must match ${first.params.pattern}.`;
  return `${field} ${first.message}.`;
}

const telling = ['additionalProperties', 'required', 'enum', 'type', 'pattern'];

/** Words of `boolean` and `anyOf` only repeat that something inside is wrong. */
function rank({ keyword }: SchemaErrors[number]): number {
  if (keyword === 'boolean' || keyword === 'anyOf') return 99;
  const place = telling.indexOf(keyword);
  return place === -1 ? telling.length : place;
}
