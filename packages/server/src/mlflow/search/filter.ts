/**
 * MLflow's filter language: comparisons joined by AND, `metrics.acc > 0.9 AND tags."mlflow.runName" LIKE 'a%'`, and its
 * orders, `metrics.acc DESC`. One reader for runs, experiments, models and versions.
 */
import type { MalachiteError } from '@malachite/core';
import { invalid } from '../errors.ts';

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';

export type Comparison = {
  /** `metrics`, `params`, `tags`, `attributes`, … in the plural; `attributes` when none was written. */
  readonly entity: string;
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly (string | number)[];
};

export type Order = { readonly entity: string; readonly key: string; readonly descending: boolean };

type Token = { readonly kind: 'word' | 'name' | 'text' | 'number' | 'sign'; readonly text: string };

const pattern =
  /\s+|(?<sign><=|>=|!=|<>|=|<|>|\(|\)|,|\.)|'(?<single>(?:[^'\\]|\\.|'')*)'|"(?<double>(?:[^"\\]|\\.)*)"|`(?<back>[^`]*)`|(?<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w-]))|(?<word>[A-Za-z_][\w/-]*(?:\.(?=[\w/-])[\w/-]+)*|[\w/-]+)/y;

/** @throws MalachiteError `InvalidInput` with what is wrong and where. */
export function parseFilter(text: string | undefined): Comparison[] {
  if (!text?.trim()) return [];
  const reader = new Reader(text);
  const comparisons = [comparison(reader)];
  while (reader.take('AND')) comparisons.push(comparison(reader));
  reader.end('comparisons are joined by AND');
  return comparisons;
}

/** `metrics.acc DESC`; ascending without a word. */
export function parseOrder(text: string): Order {
  const reader = new Reader(text);
  const field = reader.field();
  const descending = reader.take('DESC');
  if (!descending) reader.take('ASC');
  reader.end('an order is a field, and ASC or DESC');
  return { ...field, descending };
}

function comparison(reader: Reader): Comparison {
  const field = reader.field();
  const isNegated = reader.take('NOT');
  if (reader.take('IN')) {
    if (!reader.take('(')) throw reader.wrong('IN is followed by values in parentheses');
    const values = [reader.value()];
    while (reader.take(',')) values.push(reader.value());
    if (!reader.take(')')) throw reader.wrong('the parenthesis after IN is not closed');
    return { ...field, operator: isNegated ? 'NOT IN' : 'IN', values };
  }
  if (reader.take('IS')) {
    const operator = reader.take('NOT') ? 'IS NOT NULL' : 'IS NULL';
    if (!reader.take('NULL')) throw reader.wrong('IS is followed by NULL or NOT NULL');
    return { ...field, operator, values: [] };
  }
  const operator = binary.find((each) => reader.take(each));
  if (!operator) throw reader.wrong(`"${reader.next}" is no comparison`);
  return { ...field, operator: operator === '<>' ? '!=' : operator, values: [reader.value()] };
}

const binary = ['=', '!=', '<>', '>=', '<=', '>', '<', 'LIKE', 'ILIKE'] as const;

class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  /** What comes next, for a sentence. */
  get next(): string {
    return this.#tokens[this.#at]?.text ?? 'the end';
  }

  /** Whether the word or sign is next; it is then read. */
  take(word: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt = (token?.kind === 'sign' || token?.kind === 'word') && token.text.toUpperCase() === word;
    if (isIt) this.#at++;
    return isIt;
  }

  /** `metrics.acc`, `tags."mlflow.runName"`, or a bare attribute. */
  field(): { readonly entity: string; readonly key: string } {
    const first = this.#tokens[this.#at];
    if (first?.kind !== 'word' && first?.kind !== 'name') throw this.wrong(`a field is expected where there is "${this.next}"`);
    this.#at++;
    const [head = '', ...rest] = first.kind === 'word' ? first.text.split('.') : [first.text];
    if (rest.length > 0) return { entity: plural(head), key: rest.join('.') };
    if (!this.take('.')) return { entity: 'attributes', key: head };
    const name = this.#tokens[this.#at++];
    if (!name || name.kind === 'sign') throw this.wrong(`a name is expected after "${head}."`);
    return { entity: plural(head), key: name.text };
  }

  value(): string | number {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === 'sign' || token.kind === 'word') {
      throw this.wrong(`a value is expected where there is "${this.next}"; texts stand in quotes`);
    }
    this.#at++;
    return token.kind === 'number' ? Number(token.text) : token.text;
  }

  end(rule: string): void {
    if (this.#at < this.#tokens.length) throw this.wrong(`"${this.next}" is not expected; ${rule}`);
  }

  wrong(reason: string): MalachiteError {
    return wrong(this.#text, reason);
  }
}

const entities: Readonly<Record<string, string>> = {
  metric: 'metrics',
  parameter: 'params',
  parameters: 'params',
  param: 'params',
  tag: 'tags',
  attribute: 'attributes',
  attr: 'attributes',
  run: 'attributes',
  dataset: 'datasets',
};
const plural = (word: string): string => entities[word.toLowerCase()] ?? word.toLowerCase();

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw wrong(text, `it cannot be read from "${text.slice(at, at + 20)}"`);
    const { sign, single, double, back, number, word } = match.groups ?? {};
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (single !== undefined) tokens.push({ kind: 'text', text: single.replaceAll("''", "'").replace(/\\(.)/g, '$1') });
    else if (double !== undefined) tokens.push({ kind: 'name', text: double.replace(/\\(.)/g, '$1') });
    else if (back !== undefined) tokens.push({ kind: 'name', text: back });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

const wrong = (text: string, reason: string) => invalid(`The filter or order "${text}" is wrong: ${reason}.`);
