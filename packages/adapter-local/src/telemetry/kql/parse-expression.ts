/** Expressions, by precedence: or, and, comparison, sum, product, sign, member, single word. */
import type { Token } from './lexer.ts';
import type { Expression } from './syntax.ts';
import type { Words } from './words.ts';

const comparisons = ['==', '!=', '=~', '!~', '<', '<=', '>', '>='];
const wordComparisons = ['contains', 'contains_cs', 'has', 'has_cs', 'startswith', 'startswith_cs', 'endswith', 'endswith_cs'];
/** Every operator between two values that gives true or false. */
const negatable = new Set(wordComparisons.flatMap((word) => [word, `!${word}`]));

export function parseExpression(words: Words): Expression {
  return leftToRight(words, () => leftToRight(words, () => comparison(words), ['and']), ['or']);
}

function leftToRight(words: Words, operand: () => Expression, operators: readonly string[]): Expression {
  let left = operand();
  for (let operator = words.take(...operators); operator; operator = words.take(...operators)) {
    left = binary(operator, operator.text, left, operand());
  }
  return left;
}

function comparison(words: Words): Expression {
  const left = sum(words);
  const operator = words.peek();
  if (operator.kind === 'symbol' && comparisons.includes(operator.text)) {
    words.next();
    return binary(operator, operator.text, left, sum(words));
  }
  if (operator.kind !== 'name') return left;
  if (negatable.has(operator.text)) {
    words.next();
    return binary(operator, operator.text, left, sum(words));
  }
  const place = { at: operator.at, text: operator.text };
  switch (operator.text) {
    case 'matches':
      words.next();
      words.expect('regex');
      return binary(operator, 'matches regex', left, sum(words));
    case 'in':
    case '!in':
    case 'in~':
    case '!in~':
      words.next();
      words.expect('(');
      return { ...place, kind: 'in', operator: operator.text, left, list: list(words, ')') };
    case 'between':
    case '!between': {
      words.next();
      words.expect('(');
      const low = sum(words);
      words.expect('..');
      const high = sum(words);
      words.expect(')');
      return { ...place, kind: 'between', negated: operator.text === '!between', left, low, high };
    }
    default:
      return left;
  }
}

function sum(words: Words): Expression {
  return leftToRight(words, () => leftToRight(words, () => signed(words), ['*', '/', '%']), ['+', '-']);
}

function signed(words: Words): Expression {
  const minus = words.take('-');
  if (minus) return { at: minus.at, text: minus.text, kind: 'minus', of: signed(words) };
  return members(words, single(words));
}

/** `.name`, `['name']`, `[0]`, as many as there are. */
function members(words: Words, of: Expression): Expression {
  if (words.take('.')) {
    const key = words.name('the name of a member');
    return members(words, { at: key.at, text: key.text, kind: 'member', of, key: key.text });
  }
  if (!words.take('[')) return of;
  const key = words.next();
  if (key.kind !== 'string' && key.kind !== 'number') throw words.error(key, 'is no key: write a quoted text or a number');
  words.expect(']');
  return members(words, { at: key.at, text: key.text, kind: 'member', of, key: key.value });
}

function single(words: Words): Expression {
  const token = words.next();
  const place = { at: token.at, text: token.text };
  switch (token.kind) {
    case 'string':
      return { ...place, kind: 'literal', type: 'string', value: token.value };
    case 'timespan':
      return { ...place, kind: 'literal', type: 'timespan', value: token.value };
    case 'number':
      return { ...place, kind: 'literal', type: /[.eE]/.test(token.text) ? 'real' : 'long', value: token.value };
    case 'name':
      return words.peek().text === '(' ? call(words, token) : word(token);
    default:
      if (token.text === '(') {
        const inner = parseExpression(words);
        words.expect(')');
        return inner;
      }
      throw words.error(token, 'stands where a value was expected');
  }
}

function word(token: Token): Expression {
  const place = { at: token.at, text: token.text };
  if (/^(true|false)$/i.test(token.text)) {
    return { ...place, kind: 'literal', type: 'bool', value: token.text.toLowerCase() === 'true' };
  }
  return { ...place, kind: 'column', name: token.text };
}

function call(words: Words, name: Token): Expression {
  const place = { at: name.at, text: name.text };
  words.expect('(');
  if (name.text === 'datetime') {
    const text = words.rawUntilParenthesis().replace(/^["']|["']$/g, '');
    words.expect(')');
    const time = Date.parse(
      /\d(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}${text.includes(':') ? 'Z' : ''}`,
    );
    if (Number.isNaN(time))
      throw words.error({ ...place, text }, 'is no date: write datetime(2026-01-31) or datetime(2026-01-31T12:00:00Z)');
    return { ...place, kind: 'literal', type: 'datetime', value: time };
  }
  return { ...place, kind: 'call', name: name.text, args: list(words, ')') };
}

/** Expressions between commas up to the closing word, which is taken; none is a list too. */
function list(words: Words, close: string): Expression[] {
  if (words.take(close)) return [];
  const found = [parseExpression(words)];
  while (words.expect(',', close).text === ',') found.push(parseExpression(words));
  return found;
}

function binary(token: Token, operator: string, left: Expression, right: Expression): Expression {
  return { at: token.at, text: token.text, kind: 'binary', operator, left, right };
}
