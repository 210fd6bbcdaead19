import { describe, expect, it } from 'vitest';
import { readMessages } from './server-sent-events.ts';

const read = (...chunks: string[]) =>
  Array.fromAsync(readMessages(ReadableStream.from(chunks.map((text) => Buffer.from(text, 'latin1')))));

describe('a stream of server-sent events', () => {
  it('is messages with a name, an id and data, in any of the three line ends', async () => {
    expect(await read('id: 1\ndata: a\n\nid: 2\r\nevent: trial\r\ndata: b\r\n\r\ndata:c\rdata: d\r\r\n')).toEqual([
      { event: 'message', data: 'a', id: '1' },
      { event: 'trial', data: 'b', id: '2' },
      { event: 'message', data: 'c\nd', id: '2' },
    ]);
  });

  it('passes over comments, unknown fields and messages without data', async () => {
    expect(await read(': still here\n\nretry: 10\nnonsense\n\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x' }]);
  });

  it('may be cut anywhere, also between CR and LF and inside a character', async () => {
    const whole = 'id: 7\r\ndata: {"a": "Ã¼"}\r\n\r\ndata: z\r\n\r\n';
    for (let cut = 1; cut < whole.length; cut += 1) {
      expect(await read(whole.slice(0, cut), whole.slice(cut)), `cut at ${cut}`).toEqual([
        { event: 'message', data: '{"a": "ü"}', id: '7' },
        { event: 'message', data: 'z', id: '7' },
      ]);
    }
  });

  it('drops a message that the end of the stream cuts off', async () => {
    expect(await read('data: whole\n\ndata: half')).toEqual([{ event: 'message', data: 'whole' }]);
  });
});
