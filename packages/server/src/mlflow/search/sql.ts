/** Comparisons as SQL conditions with bound values. */
import type { SQLInputValue } from 'node:sqlite';
import { invalid } from '../errors.ts';
import type { Comparison, Operator, Order } from './filter.ts';

export type Sql = { readonly text: string; readonly values: readonly SQLInputValue[] };

/** Which columns the attributes are, and which tables the keyed values lie in. */
export type Target = {
  readonly attributes: Readonly<Record<string, string>>;
  /** Entity to table and its columns; `owner` is joined with `id`. */
  readonly keyed: Readonly<Record<string, { readonly table: string; readonly owner: string }>>;
  /** The column that `owner` is joined with. */
  readonly id: string;
  /** Order among equals. */
  readonly last: string;
};

/** Clients add this to every search over models: what has no such tag is no prompt. Every other tag must be there to differ. */
const promptTag = 'mlflow.prompt.is_prompt';

export function whereOf(target: Target, comparisons: readonly Comparison[]): Sql {
  const parts = comparisons.map((comparison) => conditionOf(target, comparison));
  return { text: ['1', ...parts.map(({ text }) => text)].join(' AND '), values: parts.flatMap(({ values }) => values) };
}

function conditionOf(target: Target, { entity, key, operator, values }: Comparison): Sql {
  if (entity === 'attributes') {
    const column = target.attributes[key.toLowerCase()];
    if (!column) throw unknown(key, Object.keys(target.attributes));
    return compare(column, operator, values);
  }
  const keyed = target.keyed[entity];
  if (!keyed) throw unknown(entity, ['attributes', ...Object.keys(target.keyed)]);
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') {
    const not = operator === 'IS NULL' ? 'NOT ' : '';
    return { text: `${not}EXISTS (SELECT 1 FROM ${keyed.table} WHERE ${keyed.owner} = ${target.id} AND key = ?)`, values: [key] };
  }
  if (key === promptTag && operator === '!=') {
    const prompts = `SELECT ${keyed.owner} FROM ${keyed.table} WHERE key = ? AND value = ?`;
    return { text: `${target.id} NOT IN (${prompts})`, values: [key, String(values[0])] };
  }
  // Texts are compared with texts: `params.depth = 3` finds the parameter "3".
  const asked = entity === 'metrics' ? values.map(numeric) : values.map(String);
  const condition = compare('value', operator, asked);
  return {
    text: `${target.id} IN (SELECT ${keyed.owner} FROM ${keyed.table} WHERE key = ? AND ${condition.text})`,
    values: [key, ...condition.values],
  };
}

function compare(column: string, operator: Operator, values: readonly (string | number)[]): Sql {
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return { text: `${column} ${operator}`, values: [] };
  if (operator === 'IN' || operator === 'NOT IN')
    return { text: `${column} ${operator} (${values.map(() => '?').join(', ')})`, values };
  // SQLite's LIKE takes no notice of case; GLOB does.
  if (operator === 'LIKE') return { text: `${column} GLOB ?`, values: [globOf(String(values[0]))] };
  if (operator === 'ILIKE') return { text: `${column} LIKE ?`, values: [String(values[0])] };
  return { text: `${column} ${operator} ?`, values };
}

const globOf = (like: string): string => like.replace(/[*?[]/g, '[$&]').replaceAll('%', '*').replaceAll('_', '?');

export function orderOf(target: Target, orders: readonly Order[]): Sql {
  const parts = orders.map(({ entity, key, descending }): Sql => {
    const direction = descending ? 'DESC' : 'ASC';
    if (entity === 'attributes') {
      const column = target.attributes[key.toLowerCase()];
      if (!column) throw unknown(key, Object.keys(target.attributes));
      return { text: `${column} IS NULL, ${column} ${direction}`, values: [] };
    }
    const keyed = target.keyed[entity];
    if (!keyed) throw unknown(entity, ['attributes', ...Object.keys(target.keyed)]);
    const value = `(SELECT value FROM ${keyed.table} WHERE ${keyed.owner} = ${target.id} AND key = ?)`;
    return { text: `${value} IS NULL, ${value} ${direction}`, values: [key, key] };
  });
  return { text: [...parts.map(({ text }) => text), target.last].join(', '), values: parts.flatMap(({ values }) => values) };
}

function numeric(value: string | number): number {
  const number = Number(value);
  if (Number.isNaN(number)) throw invalid(`A metric is compared with a number, not with "${value}".`);
  return number;
}

const unknown = (word: string, known: readonly string[]) =>
  invalid(`"${word}" is unknown in a filter or order; there are ${known.join(', ')}.`);
