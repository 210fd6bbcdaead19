/**
 * Messages between the server and a script's process: two lengths (unsigned 32 bit, big endian), a head in JSON, a body of any bytes.
 * `python/malachite_scoring/frames.py` is the other side. The standard output stays the script's own.
 */
export interface Frame {
  readonly head: unknown;
  readonly body: Buffer;
}

const LENGTHS = 8;

/** Far beyond the largest body; a script that writes into the channel itself must not make us wait for gigabytes. */
const LARGEST = 1024 * 1024 * 1024;

/** @returns the parts to write in turn; the body is not copied */
export function encodeFrame(head: unknown, body: Buffer): [Buffer, Buffer] {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  return [Buffer.concat([lengths, text]), body];
}

/** @returns a function that takes the stream's chunks and gives the frames that each one completes; it throws for what is no frame */
export function frameReader(): (chunk: Buffer) => Frame[] {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = LENGTHS;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    const frames: Frame[] = [];
    while (size >= wanted) {
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const headEnd = LENGTHS + all.readUInt32BE(0);
      const end = headEnd + all.readUInt32BE(4);
      if (end > LARGEST) throw new Error('The script wrote something else than an answer to its channel.');
      chunks = [all];
      if (size < end) {
        wanted = end;
        break;
      }
      frames.push({ head: JSON.parse(all.toString('utf8', LENGTHS, headEnd)), body: all.subarray(headEnd, end) });
      chunks = size > end ? [all.subarray(end)] : [];
      size -= end;
      wanted = LENGTHS;
    }
    return frames;
  };
}
