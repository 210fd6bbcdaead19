import type { PortName, Workspace } from '@malachite/core';

/** Calls the method that an operation names; the input was checked against the operation's schema. */
export function callPort(workspace: Workspace, port: PortName, method: string, input: unknown): unknown {
  const methods = workspace[port] as unknown as Record<string, (input: unknown) => unknown>;
  return methods[method]?.(input);
}
