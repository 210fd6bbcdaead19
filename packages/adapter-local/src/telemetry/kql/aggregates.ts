/** The aggregate functions of `summarize`. */
import { asNumber, type Typed } from './scope.ts';

type Aggregate = {
  readonly arity: readonly [number, number];
  readonly sql: (args: readonly Typed[]) => Typed;
};

const over = (of: (value: Typed) => Typed): Aggregate => ({ arity: [1, 1], sql: ([value]) => of(value as Typed) });
const where = ([value, condition]: readonly Typed[]): string => `CASE WHEN ${condition?.sql} THEN ${value?.sql} END`;

/** Figures are exact: `dcount` and `percentile`, estimates in Azure, count and rank every value. */
export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: { arity: [0, 0], sql: () => ({ type: 'long', sql: 'count(*)' }) },
  countif: over(({ sql }) => ({ type: 'long', sql: `count(CASE WHEN ${sql} THEN 1 END)` })),
  dcount: over(({ sql }) => ({ type: 'long', sql: `count(DISTINCT ${sql})` })),
  dcountif: { arity: [2, 2], sql: (args) => ({ type: 'long', sql: `count(DISTINCT ${where(args)})` }) },
  sum: over((value) => ({
    type: value.type === 'long' || value.type === 'timespan' ? value.type : 'real',
    sql: `sum(${asNumber(value)})`,
  })),
  sumif: {
    arity: [2, 2],
    sql: (args) => ({ type: args[0]?.type === 'long' ? 'long' : 'real', sql: `coalesce(sum(${where(args)}), 0)` }),
  },
  avg: over((value) => ({
    type: value.type === 'datetime' || value.type === 'timespan' ? value.type : 'real',
    sql: `avg(${asNumber(value)})`,
  })),
  avgif: { arity: [2, 2], sql: (args) => ({ type: 'real', sql: `avg(${where(args)})` }) },
  min: over(({ sql, type }) => ({ type, sql: `min(${sql})` })),
  max: over(({ sql, type }) => ({ type, sql: `max(${sql})` })),
  /** The nearest rank: the smallest value that at least that share of all values does not exceed. */
  percentile: {
    arity: [2, 2],
    sql: ([value, share]) => ({
      type: value?.type === 'dynamic' || value?.type === 'string' ? 'real' : (value as Typed).type,
      sql: `kql_percentile(${asNumber(value as Typed)}, ${share?.sql})`,
    }),
  },
  /** Of a sample (n - 1). */
  stdev: over((value) => ({ type: 'real', sql: `kql_stdev(${asNumber(value)})` })),
};
