/** The scalar functions, each with how many arguments it takes and the SQL it becomes. */
import type { KqlType } from '../tables.ts';
import { asNumber, asText, type Scope, type Typed } from './scope.ts';
import type { Place } from './syntax.ts';

type ScalarFunction = {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly sql: (args: readonly Typed[], scope: Scope, place: Place) => Typed;
};

const one = (type: KqlType, sql: (value: Typed) => string): ScalarFunction => ({
  arity: [1, 1],
  sql: ([value]) => ({ type, sql: sql(value as Typed) }),
});

/** Empty means: no value, or the empty text. */
const isEmpty = (value: Typed): string => `(${value.sql} IS NULL OR CAST(${value.sql} AS TEXT) = '')`;
const whole = (value: Typed): string => `CAST(${asNumber(value)} AS INTEGER)`;
const real = (value: Typed): string => `CAST(${asNumber(value)} AS REAL)`;
/** The beginning of the day, hour … that a time lies in, as `bin`. */
const binned = (value: string, size: string): string => `floor(${value} * 1.0 / ${size}) * ${size}`;
const startOf = (milliseconds: number): ScalarFunction =>
  one('datetime', ({ sql }) => `CAST(${binned(sql, String(milliseconds))} AS INTEGER)`);

const bin: ScalarFunction = {
  arity: [2, 2],
  sql([value, size], scope, place) {
    const [of, by] = [value as Typed, size as Typed];
    if (of.type === 'datetime' && by.type !== 'timespan') throw scope.error(place, 'of a time needs a timespan such as 1h');
    const sql = binned(of.sql, by.sql);
    const type = of.type === 'long' && by.type === 'real' ? 'real' : of.type;
    return { type, sql: type === 'real' ? sql : `CAST(${sql} AS INTEGER)` };
  },
};

const iff: ScalarFunction = {
  arity: [3, 3],
  sql([condition, yes, no]) {
    const type = yes?.type === 'long' && no?.type === 'real' ? 'real' : (yes as Typed).type;
    return { type, sql: `CASE WHEN ${condition?.sql} THEN ${yes?.sql} ELSE ${no?.sql} END` };
  },
};

export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = {
  now: { arity: [0, 0], sql: (_, { now, bind }) => ({ type: 'datetime', sql: bind(BigInt(now)) }) },
  ago: {
    arity: [1, 1],
    sql([span], { now, bind, error }, place) {
      if (span?.type !== 'timespan') throw error(place, 'needs a timespan such as 1h or 30m');
      return { type: 'datetime', sql: `(${bind(BigInt(now))} - ${span.sql})` };
    },
  },
  bin,
  floor: bin,
  startofday: startOf(86_400_000),
  startofhour: startOf(3_600_000),
  todatetime: one('datetime', (value) => (value.type === 'datetime' ? value.sql : `kql_time(${value.sql})`)),
  tostring: one('string', asText),
  toint: one('long', whole),
  tolong: one('long', whole),
  todouble: one('real', real),
  toreal: one('real', real),
  tobool: one('bool', (value) => (value.type === 'bool' ? value.sql : `kql_bool(${value.sql})`)),
  todynamic: one('dynamic', (value) => value.sql),
  parse_json: one('dynamic', (value) => value.sql),
  tolower: one('string', (value) => `lower(${asText(value)})`),
  toupper: one('string', (value) => `upper(${asText(value)})`),
  strlen: one('long', (value) => `length(${asText(value)})`),
  strcat: {
    arity: [1, 64],
    sql: (args) => ({ type: 'string', sql: `(${args.map(asText).join(' || ')})` }),
  },
  substring: {
    arity: [2, 3],
    sql([text, start, length]) {
      const rest = length ? `, ${length.sql}` : '';
      return { type: 'string', sql: `substr(${asText(text as Typed)}, ${start?.sql} + 1${rest})` };
    },
  },
  isempty: one('bool', isEmpty),
  isnotempty: one('bool', (value) => `NOT ${isEmpty(value)}`),
  isnull: one('bool', (value) => `(${value.sql} IS NULL)`),
  isnotnull: one('bool', (value) => `(${value.sql} IS NOT NULL)`),
  not: one('bool', (value) => `NOT (${value.sql})`),
  iff,
  iif: iff,
  coalesce: {
    arity: [2, 64],
    sql: (args) => ({ type: (args[0] as Typed).type, sql: `coalesce(${args.map(({ sql }) => sql).join(', ')})` }),
  },
  abs: { arity: [1, 1], sql: ([value]) => ({ type: (value as Typed).type, sql: `abs(${value?.sql})` }) },
  round: {
    arity: [1, 2],
    sql: ([value, digits]) => ({ type: 'real', sql: `round(${asNumber(value as Typed)}, ${digits?.sql ?? '0'})` }),
  },
};
