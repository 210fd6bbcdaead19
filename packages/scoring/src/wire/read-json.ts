/**
 * Reads a body as Python's `json.loads` does: `NaN` and `Infinity` are numbers, and an error says where, in Python's words.
 * The runtime's own parser reads it first; this one only takes over when that fails, so it may take its time.
 */
import { MalachiteError } from '@malachite/core/errors';

/** Nesting beyond this is no table; Python stops at about the same depth. */
const DEEPEST = 500;

/** @throws InvalidInput `POST body could not be decoded as JSON: Expecting value: line 1 column 10 (char 9)` */
export function readJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return new PythonJsonReader(text).read();
  }
}

/** An integer of 16 or more digits: a number cannot hold all of them. */
const longInteger = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/;

/**
 * Reads the body again with its long integers whole, as bigints.
 *
 * @returns undefined when it has none, or is no JSON but in Python's eyes
 */
export function readWithLongIntegers(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  if (!longInteger.test(text)) return undefined;
  try {
    return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' &&
      Number.isInteger(value) &&
      !Number.isSafeInteger(value) &&
      /^-?\d+$/.test(context?.source ?? '')
        ? BigInt(context?.source ?? 0)
        : value,
    );
  } catch {
    return undefined;
  }
}

class PythonJsonReader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): unknown {
    if (this.text.charCodeAt(0) === 0xfeff) throw this.fault('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
    this.skipSpace();
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.fault('Extra data', this.at);
    return value;
  }

  private value(depth: number): unknown {
    if (depth > DEEPEST) throw this.fault('Nested too deeply', this.at);
    const start = this.text[this.at];
    if (start === '"') return this.string();
    if (start === '{') return this.object(depth);
    if (start === '[') return this.array(depth);
    for (const [word, value] of words) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    numberPattern.lastIndex = this.at;
    const number = numberPattern.exec(this.text);
    if (number === null) throw this.fault('Expecting value', this.at);
    this.at = numberPattern.lastIndex;
    return Number(number[0]);
  }

  private object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.at++;
    this.skipSpace();
    if (this.text[this.at] === '}') {
      this.at++;
      return object;
    }
    for (;;) {
      if (this.text[this.at] !== '"') throw this.fault('Expecting property name enclosed in double quotes', this.at);
      const key = this.string();
      this.skipSpace();
      if (this.text[this.at] !== ':') throw this.fault("Expecting ':' delimiter", this.at);
      this.at++;
      this.skipSpace();
      // As JSON.parse does: "__proto__" is a property like any other.
      Object.defineProperty(object, key, { value: this.value(depth + 1), enumerable: true, configurable: true, writable: true });
      this.skipSpace();
      if (this.closes('}')) return object;
    }
  }

  private array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.at++;
    this.skipSpace();
    if (this.text[this.at] === ']') {
      this.at++;
      return array;
    }
    for (;;) {
      array.push(this.value(depth + 1));
      this.skipSpace();
      if (this.closes(']')) return array;
    }
  }

  /** After an element: true at the end, false after a comma, with the next element ahead. */
  private closes(end: string): boolean {
    const next = this.text[this.at];
    if (next === end) {
      this.at++;
      return true;
    }
    if (next !== ',') throw this.fault("Expecting ',' delimiter", this.at);
    this.at++;
    this.skipSpace();
    return false;
  }

  private string(): string {
    const begin = this.at;
    let from = begin + 1;
    for (;;) {
      stringEnd.lastIndex = from;
      const end = stringEnd.exec(this.text);
      if (end === null) throw this.fault('Unterminated string starting at', begin);
      const at = end.index;
      if (end[0] === '"') {
        this.at = at + 1;
        return JSON.parse(this.text.slice(begin, this.at)) as string;
      }
      if (end[0] !== '\\') throw this.fault('Invalid control character at', at);
      const escaped = this.text[at + 1] ?? '';
      if (escaped === '') throw this.fault('Unterminated string starting at', begin);
      if (escaped === 'u' && !/^[0-9a-f]{4}$/i.test(this.text.slice(at + 2, at + 6)))
        throw this.fault('Invalid \\uXXXX escape', at + 1);
      if (!'"\\/bfnrtu'.includes(escaped)) throw this.fault('Invalid \\escape', at);
      from = at + (escaped === 'u' ? 6 : 2);
    }
  }

  private skipSpace(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at] as string)) this.at++;
  }

  private fault(words: string, at: number): MalachiteError {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    return new MalachiteError(
      'InvalidInput',
      `POST body could not be decoded as JSON: ${words}: line ${line} column ${column} (char ${at})`,
    );
  }
}

const words: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
];
const numberPattern = /-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
/** What may end or interrupt a string: a quote, a backslash, a control character (U+0000 to U+001F). */
const stringEnd = new RegExp(`["\\\\${String.fromCharCode(0)}-${String.fromCharCode(31)}]`, 'g');
