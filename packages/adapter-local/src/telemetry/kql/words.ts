/** A reader over the words of a query: look, take, expect. */
import type { MalachiteError } from '@malachite/core';
import { kqlError, type Token, tokens } from './lexer.ts';

export interface Words {
  /** The next word, `ahead` words on. */
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the next word when it is one of these. */
  take(...texts: readonly string[]): Token | undefined;
  /** Takes the next word, which must be one of these. */
  expect(...texts: readonly string[]): Token;
  /** Takes a name. */
  name(what: string): Token;
  /** Everything up to the closing parenthesis as it stands, for `datetime(2024-01-31)`. */
  rawUntilParenthesis(): string;
  error(token: { readonly text: string; readonly at: number }, sentence: string): MalachiteError;
}

export function wordsOf(query: string): Words {
  const list = tokens(query);
  let position = 0;
  const peek = (ahead = 0): Token => list[Math.min(position + ahead, list.length - 1)] as Token;
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const isOne = (texts: readonly string[]) => peek().kind !== 'string' && texts.includes(peek().text);
  const error: Words['error'] = (token, sentence) => kqlError(query, token, sentence);

  return {
    peek,
    next,
    error,
    take: (...texts) => (isOne(texts) ? next() : undefined),
    expect(...texts) {
      if (isOne(texts)) return next();
      throw error(peek(), `stands where ${texts.map((text) => `"${text}"`).join(' or ')} was expected`);
    },
    name(what) {
      if (peek().kind === 'name') return next();
      throw error(peek(), `stands where ${what} was expected`);
    },
    rawUntilParenthesis() {
      const start = peek().at;
      while (peek().text !== ')' && peek().kind !== 'end') position++;
      return query.slice(start, peek().at).trim();
    },
  };
}
