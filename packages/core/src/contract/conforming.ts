/** Holds every answer of a workspace against the schema that core's table gives it. */
import { Value } from 'typebox/value';
import { type Operation, operations } from '../operations.ts';
import type { Ports, Workspace } from '../workspace.ts';

type Call = (input: unknown) => unknown;

/** The same workspace; a call whose answer, or event, is not of its schema's form fails and says where. */
export function conforming(workspace: Workspace): Workspace {
  const ports = Object.entries(operations).map(([port, methods]) => {
    const own = workspace[port as keyof Ports] as unknown as Readonly<Record<string, Call>>;
    const calls = Object.entries<Operation>(methods).map(([name, operation]) => {
      const call: Call = (input) => own[name]?.(input);
      return [name, checked(`${port}.${name}`, operation, call)];
    });
    return [port, Object.fromEntries(calls)];
  });
  return { ...workspace, ...(Object.fromEntries(ports) as Ports) };
}

function checked(name: string, { kind, output }: Operation, call: Call): Call {
  const check = (answer: unknown) => {
    if (output === undefined || Value.Check(output, answer)) return answer;
    const [first] = Value.Errors(output, answer);
    throw new Error(
      `${name} answers out of form: ${first?.instancePath || 'the answer'} ${first?.message}\n  ${JSON.stringify(answer)}`,
    );
  };
  if (kind === 'download') return call;
  if (kind !== 'events') return async (input) => check(await call(input));
  return async function* (input) {
    for await (const event of call(input) as AsyncIterable<unknown>) yield check(event);
  };
}
