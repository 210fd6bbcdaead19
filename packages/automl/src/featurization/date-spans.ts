/**
 * Time as trees can use it beside the parts of dates (ours, not Azure's): for each date column the days since year 1, and for each
 * pair of them the days between. NaN where a date is missing or unreadable.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Table } from '../table/table.ts';
import { requireText } from './columns.ts';
import { emitCalendar } from './date-calendar.ts';
import { type DateOrder, dateSeconds } from './dates.ts';
import { type Featurizer, joinNumeric, sharedFloats } from './featurizer.ts';
import type { RawInputs } from './raw-inputs.ts';

type DateColumn = { readonly name: string; readonly order: DateOrder };

export type FittedDateSpans = { readonly columns: readonly DateColumn[] };

/** Pairs are made of the first so many date columns. */
const MOST_PAIRED = 4;

const DAYS_A_SECOND = Math.fround(1 / 86_400);

export const dateSpans: Featurizer<FittedDateSpans> = {
  name: 'DateSpans',

  fit(planned) {
    return { columns: planned.map(({ column, plan }) => ({ name: column.name, order: plan.order ?? 'ymd' })) };
  },

  transform({ columns }, table) {
    const seconds = new Map(columns.map((column) => [column.name, secondsOf(table, column)]));
    const numeric = spansOf(columns).map(({ name, from, to }) => {
      const values = sharedFloats(table.rowCount);
      const end = seconds.get(to.name) as Float64Array;
      const begin = from && (seconds.get(from.name) as Float64Array);
      for (let row = 0; row < values.length; row++) {
        const span = (end[row] as number) - (begin === undefined ? 0 : (begin[row] as number));
        values[row] = Math.fround(Math.fround(span) * DAYS_A_SECOND);
      }
      return { name, raw: to.name, values };
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    return {
      numeric: joinNumeric(
        graph,
        spansOf(columns).map((span) => emitSpan(graph, raw, span)),
      ),
      categorical: [],
    };
  },
};

type Span = { readonly name: string; readonly from: DateColumn | undefined; readonly to: DateColumn };

/** Each column from year 1, then each pair. */
function spansOf(columns: readonly DateColumn[]): Span[] {
  const paired = columns.slice(0, MOST_PAIRED);
  return [
    ...columns.map((to) => ({ name: `${to.name}_Days`, from: undefined, to })),
    ...paired.flatMap((from, i) => paired.slice(i + 1).map((to) => ({ name: `${from.name}_${to.name}_DaysBetween`, from, to }))),
  ];
}

/** The names of what `fit` would make of these columns. */
export function dateSpanNames(columns: readonly string[]): { readonly column: string; readonly name: string }[] {
  return spansOf(columns.map((name) => ({ name, order: 'ymd' }))).map(({ name, to }) => ({ column: to.name, name }));
}

function secondsOf(table: Table, { name, order }: DateColumn): Float64Array {
  const { codes, dictionary } = requireText(table, name);
  const ofEntry = Float64Array.from(dictionary, (text) => dateSeconds(text, order) ?? Number.NaN);
  const seconds = new Float64Array(codes.length);
  for (let row = 0; row < seconds.length; row++) {
    const entry = codes[row] as number;
    seconds[row] = entry < 0 ? Number.NaN : (ofEntry[entry] as number);
  }
  return seconds;
}

function emitSpan(graph: GraphBuilder, raw: RawInputs, { from, to }: Span): string {
  const op = (type: string, ...inputs: string[]) => graph.node(type, inputs);
  const int = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1]);
  const read = ({ name, order }: DateColumn) => {
    const { readable, days, hour, minute, second } = emitCalendar(graph, raw.text(name), order);
    const ofDay = op('Add', op('Add', op('Mul', hour, int(3600)), op('Mul', minute, int(60))), second);
    return { readable, seconds: op('Add', op('Mul', days, int(86_400)), ofDay) };
  };
  const end = read(to);
  const begin = from && read(from);
  const seconds = begin === undefined ? end.seconds : op('Sub', end.seconds, begin.seconds);
  const readable = begin === undefined ? end.readable : op('And', end.readable, begin.readable);
  const days = op('Mul', graph.node('Cast', [seconds], { to: 1 }), graph.constant(Float32Array.of(DAYS_A_SECOND), [1]));
  return op('Where', readable, days, graph.constant(Float32Array.of(Number.NaN), [1]));
}
