/** KQL text to words, each with its place. */
import { MalachiteError } from '@malachite/core';

export type Token = {
  readonly kind: 'name' | 'string' | 'number' | 'timespan' | 'symbol' | 'end';
  /** As it stands in the query. */
  readonly text: string;
  /** A string without its quotes, a number, a timespan in milliseconds; otherwise the text. */
  readonly value: string | number;
  /** Where it begins, in characters from 0. */
  readonly at: number;
};

/** Milliseconds of one unit. */
const units: Readonly<Record<string, number>> = {
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  hr: 3_600_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
};

const symbols = /^(==|!=|=~|!~|<=|>=|\.\.|[<>=|()[\],.+\-*/%;:])/;
const patterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Omit<Token, 'at' | 'text'>])[] = [
  [
    /^@"((?:[^"]|"")*)"|^@'((?:[^']|'')*)'/,
    ([, a, b]) => string(a === undefined ? (b as string).replaceAll("''", "'") : a.replaceAll('""', '"')),
  ],
  [/^"((?:[^"\\\n]|\\.)*)"|^'((?:[^'\\\n]|\\.)*)'/, ([, a, b]) => string(unescaped(a ?? (b as string)))],
  [/^(\d+(?:\.\d+)?)([a-z]+)\b/, ([, count, unit]) => timespan(Number(count), unit as string)],
  [/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/, ([text]) => ({ kind: 'number', value: Number(text) })],
  [/^!?[A-Za-z_$][\w$]*~?(?:-[a-z]+\b)?/, ([text]) => ({ kind: 'name', value: text })],
  [symbols, ([text]) => ({ kind: 'symbol', value: text })],
];

/** The words of a query; the last one is the end. Comments (`// …`) and white space are skipped. */
export function tokens(query: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const rest = query.slice(at);
    const skipped = /^(?:\s+|\/\/[^\n]*)/.exec(rest);
    if (skipped) {
      at += skipped[0].length;
      continue;
    }
    const token = match(rest);
    if (!token) {
      const character = rest[0] as string;
      throw kqlError(
        query,
        { text: character, at },
        /["']/.test(character) ? 'opens a text that is not closed' : 'is not understood',
      );
    }
    found.push({ ...token, at });
    at += token.text.length;
  }
  return [...found, { kind: 'end', text: '', value: '', at: query.length }];
}

function match(rest: string): Omit<Token, 'at'> | undefined {
  for (const [pattern, read] of patterns) {
    const matched = pattern.exec(rest);
    if (!matched) continue;
    const token = read(matched);
    const text = hyphenated(matched[0], token.kind);
    if (token.kind === 'timespan' && Number.isNaN(token.value)) continue;
    return { ...token, text, value: token.kind === 'name' ? text : token.value };
  }
  return undefined;
}

/** Only operators such as `project-away` have a hyphen; elsewhere it is a minus. */
function hyphenated(text: string, kind: Token['kind']): string {
  if (kind !== 'name' || /^(project|mv|make)-/.test(text)) return text;
  return text.split('-')[0] as string;
}

const string = (value: string): Omit<Token, 'at' | 'text'> => ({ kind: 'string', value });
const timespan = (count: number, unit: string): Omit<Token, 'at' | 'text'> => ({
  kind: 'timespan',
  value: count * (units[unit] ?? Number.NaN),
});

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return text.replace(/\\(.)/g, (_, character: string) => named[character] ?? character);
}

/** An error that points at a word: its line and column, and the word itself. */
export function kqlError(
  query: string,
  { text, at }: { readonly text: string; readonly at: number },
  sentence: string,
): MalachiteError {
  const before = query.slice(0, at).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
  return new MalachiteError(
    'InvalidInput',
    `KQL, ${place}: ${text === '' ? 'the end' : text === '"' ? `'"'` : `"${text}"`} ${sentence}.`,
  );
}
