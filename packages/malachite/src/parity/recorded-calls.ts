/** Every call of a workspace's ports, and every request to its endpoints, with what came of it. */
import { asMalachiteError, errorStatus, type Operation, operations, type Ports, type Workspace } from '@malachite/core';
import type { Send } from '@malachite/core/contract';

/** What came of a call: an HTTP status that stands for it, and the answer or the error. */
export type Outcome = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };
export type RecordedCall = {
  readonly during: string;
  readonly operation: string;
  readonly input: unknown;
  readonly outcome: Outcome;
};

type Call = (input: unknown) => unknown;

/** The same workspace, which tells `record` of each call when it has ended. */
export function recordedWorkspace(workspace: Workspace, record: (call: Omit<RecordedCall, 'during'>) => void): Workspace {
  const ports = Object.entries(operations).map(([port, methods]) => {
    const own = workspace[port as keyof Ports] as unknown as Readonly<Record<string, Call>>;
    const calls = Object.entries<Operation>(methods).map(([name, { kind }]) => {
      const call: Call = (input) => own[name]?.(input);
      const told = (input: unknown, outcome: Outcome) => record({ operation: `${port}.${name}`, input, outcome });
      return [name, kind === 'events' || kind === 'download' ? iterated(call, kind, told) : answered(call, kind, told)];
    });
    return [port, Object.fromEntries(calls)];
  });
  return { ...workspace, ...(Object.fromEntries(ports) as Ports) };
}

/** Requests that the contract sends by itself. */
export const recordedSend =
  (send: Send, record: (call: Omit<RecordedCall, 'during'>) => void): Send =>
  async (uri, request) => {
    const answer = await send(uri, request);
    const { pathname } = new URL(uri);
    const operation = `${request.method} ${pathname.split('/').at(-1)}`;
    record({ operation, input: { body: request.body, hasKey: request.headers?.authorization !== undefined }, outcome: answer });
    return answer;
  };

function answered(call: Call, kind: Operation['kind'], told: (input: unknown, outcome: Outcome) => void): Call {
  return async (given) => {
    // Bytes are known by their address in the answer.
    const input = kind === 'upload' ? {} : given;
    try {
      const body = await call(given);
      told(input, outcomeOf(body));
      return body;
    } catch (error) {
      told(input, failure(error));
      throw error;
    }
  };
}

/** Of events the last one, of bytes their number. */
function iterated(call: Call, kind: 'events' | 'download', told: (input: unknown, outcome: Outcome) => void): Call {
  return async function* (input) {
    let last: unknown = null;
    let bytes = 0;
    try {
      for await (const item of call(input) as AsyncIterable<unknown>) {
        last = item;
        if (item instanceof Uint8Array) bytes += item.byteLength;
        yield item;
      }
      told(input, { status: 200, body: kind === 'download' ? { bytes } : last });
    } catch (error) {
      told(input, failure(error));
      throw error;
    }
  };
}

/** An endpoint's answer has a status and headers of its own. */
function outcomeOf(body: unknown): Outcome {
  const { status, headers, body: text } = (body ?? {}) as Partial<Outcome>;
  return typeof status === 'number' && headers ? { status, headers, body: text } : { status: 200, body };
}

function failure(thrown: unknown): Outcome {
  const { code } = asMalachiteError(thrown);
  return { status: errorStatus[code], body: { code } };
}
