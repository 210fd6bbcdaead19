/** Reads the `text/event-stream` format (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

export type Message = { readonly event: string; readonly data: string; readonly id?: string };

/** The messages of a stream; comments are passed over, and so is a message that the end of the stream cuts off. */
export async function* readMessages(body: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  let event = 'message';
  let data: string[] = [];
  let id: string | undefined;
  for await (const line of readLines(body)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n'), ...(id !== undefined && { id }) };
      event = 'message';
      data = [];
      continue;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) as RegExpExecArray;
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  }
}

/** Lines that end in CR LF, LF or CR; a CR at the end of a chunk waits for the LF that may follow. */
async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() as string;
    yield* lines;
  }
}
