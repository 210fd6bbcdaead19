/** Expressions to SQL, with KQL's types. */
import type { KqlType } from '../tables.ts';
import { aggregates } from './aggregates.ts';
import { scalarFunctions } from './functions.ts';
import { asNumber, asText, isNumeric, quoted, type Scope, type SqlParameter, type Typed } from './scope.ts';
import type { Expression } from './syntax.ts';

export function compileExpression(expression: Expression, scope: Scope): Typed {
  switch (expression.kind) {
    case 'literal':
      return { type: expression.type, sql: scope.bind(parameter(expression)) };
    case 'column': {
      const type = scope.columns.get(expression.name);
      if (type) return { type, sql: quoted(expression.name) };
      throw scope.error(expression, `is no column here. Columns: ${[...scope.columns.keys()].join(', ')}`);
    }
    case 'member':
      return member(expression, scope);
    case 'call':
      return call(expression, scope);
    case 'minus': {
      const { sql, type } = compileExpression(expression.of, scope);
      return { type, sql: `(- ${sql})` };
    }
    case 'in':
      return isIn(expression, scope);
    case 'between': {
      const left = compileExpression(expression.left, scope);
      const [low, high] = [compileExpression(expression.low, scope), compileExpression(expression.high, scope)];
      // `between (ago(1h) .. 1h)`: a timespan counts from the lower end.
      const end =
        left.type === 'datetime' && high.type === 'timespan' ? { type: left.type, sql: `(${low.sql} + ${high.sql})` } : high;
      const [a, b] = comparable(left, low);
      const [, c] = comparable(left, end);
      return { type: 'bool', sql: `(${a} ${expression.negated ? 'NOT ' : ''}BETWEEN ${b} AND ${c})` };
    }
    default:
      return binary(expression, scope);
  }
}

function parameter({ type, value }: Of<'literal'>): SqlParameter {
  if (type === 'real' || typeof value === 'string') return value as string | number;
  return BigInt(Math.round(Number(value)));
}

/** A condition: a yes or no. */
export function compileCondition(expression: Expression, scope: Scope): string {
  const { sql, type } = compileExpression(expression, scope);
  if (type === 'bool' || type === 'dynamic') return sql;
  throw scope.error(expression, `is a ${type}, not a condition`);
}

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** A chain of members is one JSON path, so that text in between is never parsed as JSON again. */
function member(expression: Of<'member'>, scope: Scope): Typed {
  let path = '';
  let of: Expression = expression;
  while (of.kind === 'member') {
    if (typeof of.key === 'string' && of.key.includes('"')) throw scope.error(of, 'is no key: it has a quote in it');
    path = (typeof of.key === 'number' ? `[${of.key}]` : `."${of.key}"`) + path;
    of = of.of;
  }
  const { sql, type } = compileExpression(of, scope);
  if (type !== 'dynamic') throw scope.error(expression, `asks for a member of a ${type}; only dynamic values have members`);
  return { type: 'dynamic', sql: `CASE WHEN json_valid(${sql}) THEN json_extract(${sql}, ${scope.bind(`$${path}`)}) END` };
}

function call(expression: Of<'call'>, scope: Scope): Typed {
  const aggregate = Object.hasOwn(aggregates, expression.name) ? aggregates[expression.name] : undefined;
  const scalar = Object.hasOwn(scalarFunctions, expression.name) ? scalarFunctions[expression.name] : undefined;
  if (aggregate && !scope.aggregates) throw scope.error(expression, 'counts over rows: it belongs into summarize');
  const found = aggregate ?? scalar;
  if (!found) {
    throw scope.error(
      expression,
      `is no function known here. Known: ${[...Object.keys(scalarFunctions), ...Object.keys(aggregates)].join(', ')}`,
    );
  }
  const [fewest, most] = found.arity;
  if (expression.args.length < fewest || expression.args.length > most) {
    throw scope.error(
      expression,
      `takes ${fewest === most ? fewest : `${fewest} to ${most}`} values, not ${expression.args.length}`,
    );
  }
  const inner = aggregate ? { ...scope, aggregates: false } : scope;
  const args = expression.args.map((arg) => compileExpression(arg, inner));
  return found.sql(args, scope, expression);
}

function binary(expression: Of<'binary'>, scope: Scope): Typed {
  const { operator } = expression;
  if (operator === 'and' || operator === 'or') {
    const sides = [expression.left, expression.right].map((side) => compileCondition(side, scope));
    return { type: 'bool', sql: `(${sides.join(` ${operator} `)})` };
  }
  const left = compileExpression(expression.left, scope);
  if (operator === 'matches regex') return matchesRegex(expression, left, scope);
  const right = compileExpression(expression.right, scope);
  const comparison = comparisons[operator];
  if (comparison) {
    const [a, b] = comparable(left, right);
    return { type: 'bool', sql: `(${a} ${comparison} ${b})` };
  }
  const negated = operator.startsWith('!');
  const textual = textComparisons[negated ? operator.slice(1) : operator];
  if (textual) return { type: 'bool', sql: `${negated ? 'NOT ' : ''}(${textual(asText(left), asText(right))})` };
  return arithmetic(expression, left, right, scope);
}

const comparisons: Readonly<Record<string, string>> = { '==': 'IS', '!=': 'IS NOT', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

/** Without case, but for those that end in `_cs`. `!~` is the negation of `~`. */
const textComparisons: Readonly<Record<string, (text: string, part: string) => string>> = {
  '=~': (text, part) => `lower(${text}) = lower(${part})`,
  '~': (text, part) => `lower(${text}) = lower(${part})`,
  contains: (text, part) => `instr(lower(${text}), lower(${part})) > 0`,
  contains_cs: (text, part) => `instr(${text}, ${part}) > 0`,
  has: (text, part) => `kql_has(lower(${text}), lower(${part}))`,
  has_cs: (text, part) => `kql_has(${text}, ${part})`,
  startswith: (text, part) => `substr(lower(${text}), 1, length(${part})) = lower(${part})`,
  startswith_cs: (text, part) => `substr(${text}, 1, length(${part})) = ${part}`,
  endswith: (text, part) => `(length(${part}) = 0 OR substr(lower(${text}), -length(${part})) = lower(${part}))`,
  endswith_cs: (text, part) => `(length(${part}) = 0 OR substr(${text}, -length(${part})) = ${part})`,
};

function matchesRegex(expression: Of<'binary'>, left: Typed, scope: Scope): Typed {
  const pattern = expression.right;
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'string')
    throw scope.error(pattern, 'is no regular expression: write a quoted text');
  try {
    new RegExp(pattern.value.replace(/^\(\?i\)/, ''));
  } catch (error) {
    throw scope.error(pattern, `is no regular expression: ${(error as Error).message}`);
  }
  return { type: 'bool', sql: `kql_regex(${asText(left)}, ${scope.bind(pattern.value)})` };
}

function isIn(expression: Of<'in'>, scope: Scope): Typed {
  const left = compileExpression(expression.left, scope);
  const caseless = expression.operator.endsWith('~');
  const tests = expression.list.map((item) => {
    const [a, b] = comparable(left, compileExpression(item, scope));
    return caseless ? `lower(${a}) = lower(${b})` : `${a} IS ${b}`;
  });
  const any = `(${tests.length > 0 ? tests.join(' OR ') : '0'})`;
  return { type: 'bool', sql: expression.operator.startsWith('!') ? `NOT ${any}` : any };
}

/**
 * Both sides in one type. KQL itself is stricter, but Microsoft's own samples compare `ResponseCode` with `"200"`, and people
 * compare `success` with `"False"`: a text beside another type is read as that type.
 */
function comparable(left: Typed, right: Typed): readonly [string, string] {
  if (left.type === right.type) return [left.sql, right.sql];
  const pair = new Set<KqlType>([left.type, right.type]);
  if (pair.has('dynamic')) {
    if (pair.has('string')) return [asText(left), asText(right)];
    return [left, right].map((side) =>
      side.type === 'dynamic' && isNumeric(left.type === 'dynamic' ? right.type : left.type) ? asNumber(side) : side.sql,
    ) as [string, string];
  }
  if (pair.has('string') && pair.has('bool'))
    return [left, right].map((side) => (side.type === 'string' ? `kql_bool(${side.sql})` : side.sql)) as [string, string];
  if (pair.has('string') && pair.has('datetime'))
    return [left, right].map((side) => (side.type === 'string' ? `kql_time(${side.sql})` : side.sql)) as [string, string];
  return [asNumber(left), asNumber(right)];
}

/** Times and timespans: time - time is a timespan, time ± timespan a time, timespan / timespan a number. */
function arithmetic({ operator, ...place }: Of<'binary'>, left: Typed, right: Typed, scope: Scope): Typed {
  const [a, b] = [asNumber(left), asNumber(right)];
  const sql = `(${a} ${operator} ${b})`;
  const types = `${left.type} ${operator} ${right.type}`;
  if (types === 'datetime - datetime') return { type: 'timespan', sql };
  if (/^datetime [+-] timespan$|^timespan \+ datetime$/.test(types)) return { type: 'datetime', sql };
  if (types === 'timespan / timespan') return { type: 'real', sql: `(${a} * 1.0 / ${b})` };
  if (/^timespan [+%-] timespan$|^timespan [*/] (long|real)$|^(long|real) \* timespan$/.test(types))
    return { type: 'timespan', sql };
  if (left.type === 'datetime' || right.type === 'datetime' || left.type === 'timespan' || right.type === 'timespan') {
    throw scope.error(place, `does not work between ${left.type} and ${right.type}`);
  }
  return { type: left.type === 'long' && right.type === 'long' ? 'long' : 'real', sql };
}
