/**
 * What a host tells of the connections it was given, beside its messages: five bytes a change, written to a pipe of its own before
 * anything else happens with a request. What the pipe holds is what was true when the host died.
 */

/** The host's end of the pipe, by number: after the three standard ones and the message channel. */
export const STATES_FD = 4;

/** A request is with the host, and nothing of its answer is sent; a part of it may be; no request is; the connection is over. */
export type ConnectionState = 'busy' | 'answering' | 'idle' | 'closed';

const codes: readonly ConnectionState[] = ['busy', 'answering', 'idle', 'closed'];
const LENGTH = 5;

export function encodeState(id: number, state: ConnectionState): Buffer {
  const bytes = Buffer.allocUnsafe(LENGTH);
  bytes[0] = codes.indexOf(state);
  bytes.writeUInt32LE(id, 1);
  return bytes;
}

/** @returns a function that takes the pipe's chunks */
export function stateReader(onState: (id: number, state: ConnectionState) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (; at + LENGTH <= bytes.length; at += LENGTH)
      onState(bytes.readUInt32LE(at + 1), codes[bytes[at] as number] as ConnectionState);
    rest = bytes.subarray(at);
  };
}
