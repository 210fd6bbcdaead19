/** Inputs of text, dates and booleans spelled as text among them. */
import type { InputSignature } from '@malachite/onnx';
import { fullDate } from '../dates.ts';
import { type ElementBuffer, volume } from './element-buffer.ts';

/** Texts of one kind: how a given text is spelled for the graph, or that it is none. */
interface TextReader {
  readonly expects: string;
  readonly read: (text: string) => string | undefined;
  /** Numbers and booleans may stand for text: an id, a zip code. Not for a date. */
  readonly takesOthers: boolean;
}

/** What is no text is spelled as the real server's `str(value)` does. */
export function textBuffer(input: InputSignature): ElementBuffer {
  const { missingText } = input;
  const { expects, read, takesOthers } = textReader(input);
  const values: string[] = [];
  return {
    expects,
    write(position, value) {
      const text =
        typeof value === 'string' ? read(value) : value === null ? missingText : takesOthers ? plainText(value) : undefined;
      if (text === undefined) return false;
      values[position] = text;
      return true;
    },
    grow() {},
    copyRows(from, to, at, width) {
      values.length = Math.max(values.length, (at + to - from) * width);
      values.copyWithin(at * width, from * width, to * width);
    },
    tensor: (from, to, rest) => {
      const width = volume(rest);
      return { type: 'string', data: values.slice(from * width, to * width), dims: [to - from, ...rest] };
    },
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as string;
      return true;
    },
  };
}

function textReader({ fullDates, columns }: InputSignature): TextReader {
  if (fullDates) return { expects: 'a date such as 2024-02-29 or 2024-02-29 13:45:00', read: fullDate, takesOthers: false };
  if (columns[0]?.type === 'boolean') return { expects: 'true or false', read: booleanText, takesOthers: true };
  return { expects: 'text', read: (text) => text, takesOthers: true };
}

/** A boolean column that the graph takes as text knows Python's spelling; other spellings mean the same. */
function booleanText(text: string): string {
  const lower = text.toLowerCase();
  return lower === 'true' ? 'True' : lower === 'false' ? 'False' : text;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isNaN(value) ? 'nan' : String(value);
  return typeof value === 'bigint' ? String(value) : undefined;
}
