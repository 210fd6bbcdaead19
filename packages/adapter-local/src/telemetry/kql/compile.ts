/** A KQL query to one SQL statement: every operator is a SELECT around the one before it. */
import { MalachiteError, type TelemetryTable, telemetryTables } from '@malachite/core';
import { type KqlType, telemetryColumns, timeColumn } from '../tables.ts';
import { aggregates } from './aggregates.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { kqlError } from './lexer.ts';
import { parseQuery } from './parse.ts';
import { quoted, type Scope, type SqlParameter, type Typed } from './scope.ts';
import type { Expression, NamedExpression, Ordering, Place, Query, Stage } from './syntax.ts';

export type CompiledQuery = {
  readonly sql: string;
  /** Named parameters, without the colon. */
  readonly params: Readonly<Record<string, SqlParameter>>;
  readonly columns: readonly { readonly name: string; readonly type: KqlType }[];
};

/** A SELECT and the columns it gives. */
type Rows = { readonly sql: string; readonly columns: ReadonlyMap<string, KqlType> };
type Context = Omit<Scope, 'columns' | 'aggregates'>;

/** A query longer than this is nobody's question. */
const longest = 10_000;

/**
 * @param now milliseconds since 1970, for `now()` and `ago(…)`
 * @param since only rows from then on, in milliseconds since 1970
 * @throws InvalidInput that names line, column and word
 */
export function compileKql(text: string, now: number, since?: number): CompiledQuery {
  if (text.length > longest)
    throw new MalachiteError('InvalidInput', `KQL: the query has ${text.length} characters; at most ${longest} are read.`);
  try {
    return compile(text, now, since);
  } catch (error) {
    if (error instanceof RangeError) throw new MalachiteError('InvalidInput', 'KQL: the query is nested too deeply.');
    throw error;
  }
}

function compile(text: string, now: number, since?: number): CompiledQuery {
  const query = parseQuery(text);
  const params: Record<string, SqlParameter> = {};
  const context: Context = {
    now,
    bind(value) {
      const name = `p${Object.keys(params).length + 1}`;
      params[name] = value;
      return `:${name}`;
    },
    error: (place, sentence) => kqlError(text, place, sentence),
  };
  let rows = source(query, context, since);
  for (const stage of query.stages) rows = compileStage(stage, rows, context);
  return { sql: rows.sql, params, columns: [...rows.columns].map(([name, type]) => ({ name, type })) };
}

function source({ table }: Query, context: Context, since?: number): Rows {
  const name = telemetryTables.find((known) => known === table.text);
  if (!name) throw context.error(table, `is no table. Tables: ${telemetryTables.join(', ')}`);
  const columns = new Map(Object.entries(telemetryColumns[name satisfies TelemetryTable]));
  const list = [...columns.keys()].map(quoted).join(', ');
  const recent = since === undefined ? '' : ` WHERE ${quoted(timeColumn(name))} >= ${context.bind(BigInt(since))}`;
  return { sql: `SELECT ${list} FROM ${quoted(name)}${recent} ORDER BY id_`, columns };
}

function compileStage(stage: Stage, rows: Rows, context: Context): Rows {
  const scope: Scope = { ...context, columns: rows.columns, aggregates: false };
  const from = `FROM (${rows.sql})`;
  switch (stage.kind) {
    case 'where':
      return { ...rows, sql: `SELECT * ${from} WHERE ${compileCondition(stage.condition, scope)}` };
    case 'take':
      return { ...rows, sql: `SELECT * ${from} LIMIT ${stage.count}` };
    case 'order':
      return { ...rows, sql: `SELECT * ${from} ORDER BY ${orderings(stage.by, scope)}` };
    case 'top':
      return { ...rows, sql: `SELECT * ${from} ORDER BY ${orderings(stage.by, scope)} LIMIT ${stage.count}` };
    case 'count':
      return { sql: `SELECT count(*) AS "Count" ${from}`, columns: new Map([['Count', 'long']]) };
    case 'project':
      return select(named(stage.columns, scope), from);
    case 'project-away': {
      const away = new Set(stage.names.map((name) => mustBeColumn(name, scope)));
      return select(new Map([...own(rows)].filter(([name]) => !away.has(name))), from);
    }
    case 'extend':
      return select(new Map([...own(rows), ...named(stage.columns, scope)]), from);
    case 'distinct':
      return select(stage.columns === 'all' ? own(rows) : named(stage.columns, scope), from, 'DISTINCT ');
    case 'summarize': {
      const by = named(stage.by, scope);
      const computed = named(stage.aggregates, { ...scope, aggregates: true }, new Set(by.keys()));
      const groups = [...by.keys()].map((_, i) => i + 1).join(', ');
      const summary = select(new Map([...by, ...computed]), from);
      return { ...summary, sql: groups ? `${summary.sql} GROUP BY ${groups}` : summary.sql };
    }
  }
}

function own(rows: Rows): Map<string, Typed> {
  return new Map([...rows.columns].map(([name, type]) => [name, { type, sql: quoted(name) }]));
}

function select(columns: ReadonlyMap<string, Typed>, from: string, distinct = ''): Rows {
  const list = [...columns].map(([name, { sql }]) => `${sql} AS ${quoted(name)}`).join(', ');
  return {
    sql: `SELECT ${distinct}${list || 'NULL'} ${from}`,
    columns: new Map([...columns].map(([name, { type }]) => [name, type])),
  };
}

/** The columns by name; a name that is taken gets a number behind it, as in KQL. */
function named(list: readonly NamedExpression[], scope: Scope, taken: ReadonlySet<string> = new Set()): Map<string, Typed> {
  const columns = new Map<string, Typed>();
  for (const { name, expression } of list.flatMap(withoutPercentiles)) {
    const wanted = name ?? defaultName(expression) ?? `Column${columns.size + 1}`;
    let free = wanted;
    for (let n = 1; columns.has(free) || taken.has(free); n++) free = `${wanted}${n}`;
    columns.set(free, compileExpression(expression, scope));
  }
  return columns;
}

/** `percentiles(duration, 50, 95)` is one `percentile` for each share. */
function withoutPercentiles(column: NamedExpression): NamedExpression[] {
  const { expression } = column;
  if (expression.kind !== 'call' || expression.name !== 'percentiles' || expression.args.length < 2) return [column];
  const [value, ...shares] = expression.args as [Expression, ...Expression[]];
  return shares.map((share) => ({ name: undefined, expression: { ...expression, name: 'percentile', args: [value, share] } }));
}

/** `duration`; `customDimensions_key`; `timestamp` for `bin(timestamp, 1h)`; `avg_duration`, `percentile_duration_95`, `count_`. */
function defaultName(expression: Expression): string | undefined {
  if (expression.kind === 'column') return expression.name;
  if (expression.kind === 'member') {
    const of = defaultName(expression.of);
    return of && `${of}_${expression.key}`;
  }
  if (expression.kind !== 'call') return undefined;
  const [first, second] = expression.args;
  const of = first ? defaultName(first) : undefined;
  if (!Object.hasOwn(aggregates, expression.name)) return of;
  const share =
    expression.name === 'percentile' && second?.kind === 'literal' ? `_${String(second.value).replace('.', '_')}` : '';
  return `${expression.name}_${/if$/.test(expression.name) ? '' : (of ?? '')}${share}`;
}

function orderings(by: readonly Ordering[], scope: Scope): string {
  return by
    .map(({ expression, descending }) => `${compileExpression(expression, scope).sql} ${descending ? 'DESC' : 'ASC'}`)
    .join(', ');
}

function mustBeColumn(name: Place, scope: Scope): string {
  if (scope.columns.has(name.text)) return name.text;
  throw scope.error(name, `is no column here. Columns: ${[...scope.columns.keys()].join(', ')}`);
}
