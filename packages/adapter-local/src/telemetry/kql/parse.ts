/** A query: a table, then operators between bars. */
import { parseExpression } from './parse-expression.ts';
import type { NamedExpression, Ordering, Place, Query, Stage } from './syntax.ts';
import { type Words, wordsOf } from './words.ts';

type StageParser = (words: Words, place: Place) => Stage | undefined;

const stages: Readonly<Record<string, StageParser>> = {
  where: (words, place) => ({ ...place, kind: 'where', condition: parseExpression(words) }),
  filter: (words, place) => ({ ...place, kind: 'where', condition: parseExpression(words) }),
  project: (words, place) => ({ ...place, kind: 'project', columns: namedList(words) }),
  'project-away': (words, place) => ({ ...place, kind: 'project-away', names: names(words) }),
  extend: (words, place) => ({ ...place, kind: 'extend', columns: namedList(words) }),
  summarize(words, place) {
    const aggregates = words.peek().text === 'by' ? [] : namedList(words);
    return { ...place, kind: 'summarize', aggregates, by: words.take('by') ? namedList(words) : [] };
  },
  order: (words, place) => ordered(words, place),
  sort: (words, place) => ordered(words, place),
  take: (words, place) => ({ ...place, kind: 'take', count: count(words) }),
  limit: (words, place) => ({ ...place, kind: 'take', count: count(words) }),
  top(words, place) {
    const rows = count(words);
    words.expect('by');
    return { ...place, kind: 'top', count: rows, by: orderings(words) };
  },
  distinct: (words, place) => ({ ...place, kind: 'distinct', columns: words.take('*') ? 'all' : namedList(words) }),
  count: (_, place) => ({ ...place, kind: 'count' }),
  /** How a portal draws the answer; nothing here depends on it. */
  render(words) {
    while (words.peek().text !== '|' && words.peek().kind !== 'end') words.next();
    return undefined;
  },
};

/** @throws InvalidInput pointing at the word that is not understood */
export function parseQuery(text: string): Query {
  const words = wordsOf(text);
  const table = words.name('a table');
  const found: Stage[] = [];
  while (words.peek().kind !== 'end') {
    if (words.take(';')) continue;
    words.expect('|');
    const operator = words.name('an operator such as where or summarize');
    const parse = stages[operator.text];
    if (!parse) throw words.error(operator, `is no operator known here. Known: ${Object.keys(stages).join(', ')}`);
    const stage = parse(words, { at: operator.at, text: operator.text });
    if (stage) found.push(stage);
  }
  return { table: { at: table.at, text: table.text }, stages: found };
}

function namedList(words: Words): NamedExpression[] {
  const found: NamedExpression[] = [];
  do {
    const named = words.peek().kind === 'name' && words.peek(1).text === '=' && words.peek(1).kind === 'symbol';
    const name = named ? words.next().text : undefined;
    if (named) words.expect('=');
    found.push({ name, expression: parseExpression(words) });
  } while (words.take(','));
  return found;
}

function names(words: Words): Place[] {
  const found: Place[] = [];
  do {
    const { at, text } = words.name('a column');
    found.push({ at, text });
  } while (words.take(','));
  return found;
}

function ordered(words: Words, place: Place): Stage {
  words.expect('by');
  return { ...place, kind: 'order', by: orderings(words) };
}

/** Without a word it is descending, as in KQL. */
function orderings(words: Words): Ordering[] {
  const found: Ordering[] = [];
  do {
    const expression = parseExpression(words);
    const descending = words.take('asc', 'desc')?.text !== 'asc';
    if (words.take('nulls')) words.expect('first', 'last');
    found.push({ expression, descending });
  } while (words.take(','));
  return found;
}

function count(words: Words): number {
  const token = words.next();
  if (token.kind !== 'number' || !Number.isInteger(token.value))
    throw words.error(token, 'stands where a number of rows was expected');
  return token.value as number;
}
