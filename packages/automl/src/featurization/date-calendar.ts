/** The calendar of `dates.ts` as an ONNX graph, in whole numbers. */
import type { GraphBuilder } from '@malachite/onnx';
import { CENTURY_PIVOT, type DateOrder, datePositions, daysBeforeMonth } from './dates.ts';

/** Values of a graph, each int64 [n, 1] but `readable`, bool [n, 1]: false where the text is no date and the others mean nothing. */
export type EmittedCalendar = Readonly<
  Record<'readable' | 'year' | 'month' | 'day' | 'dayOfYear' | 'days' | 'hour' | 'minute' | 'second', string>
>;

/** Reads string [n, 1]; `days` counts from the day before 1 January of year 1. Made once a text and graph. */
export function emitCalendar(graph: GraphBuilder, text: string, order: DateOrder): EmittedCalendar {
  const made = calendars.get(graph) ?? new Map<string, EmittedCalendar>();
  calendars.set(graph, made);
  const key = `${order} ${text}`;
  const calendar = made.get(key) ?? readCalendar(graph, text, order);
  made.set(key, calendar);
  return calendar;
}

const calendars = new WeakMap<GraphBuilder, Map<string, EmittedCalendar>>();

function readCalendar(graph: GraphBuilder, text: string, order: DateOrder): EmittedCalendar {
  const op = (type: string, ...inputs: string[]) => graph.node(type, inputs);
  const int = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1]);
  const numbers = emitNumbers(graph, text);
  const numberAt = (position: number) => graph.node('Gather', [numbers, int(position)], { axis: 1 });

  const [yearAt, monthAt, dayAt] = datePositions[order];
  const written = numberAt(yearAt);
  const year =
    order === 'mdy2' ? op('Where', op('Less', written, int(100)), op('Add', written, century(graph, written)), written) : written;
  const [month, day, hour, minute, second] = [monthAt, dayAt, 3, 4, 5].map(numberAt) as [string, string, string, string, string];

  const readable = [
    op('GreaterOrEqual', year, int(1)),
    op('GreaterOrEqual', month, int(1)),
    op('LessOrEqual', month, int(12)),
    op('GreaterOrEqual', day, int(1)),
    op('LessOrEqual', day, int(31)),
    op('LessOrEqual', hour, int(23)),
    op('LessOrEqual', minute, int(59)),
    op('LessOrEqual', second, int(60)),
  ].reduce((all, test) => op('And', all, test));

  const isMultiple = (of: number) => op('Equal', op('Mod', year, int(of)), int(0));
  const leap = op('Or', op('And', isMultiple(4), op('Not', isMultiple(100))), isMultiple(400));
  const leapDay = graph.node('Cast', [op('And', leap, op('Greater', month, int(2)))], { to: 7 });
  const before = graph.constant(BigInt64Array.from(daysBeforeMonth, BigInt), [12]);
  const monthIndex = op('Sub', op('Min', op('Max', month, int(1)), int(12)), int(1));
  const dayOfYear = op('Add', op('Add', op('Gather', before, monthIndex), day), leapDay);
  const past = op('Sub', year, int(1));
  const leapDays = op('Add', op('Sub', op('Div', past, int(4)), op('Div', past, int(100))), op('Div', past, int(400)));
  const days = op('Add', op('Add', op('Mul', past, int(365)), leapDays), dayOfYear);
  return { readable, year, month, day, dayOfYear, days, hour, minute, second };
}

/** int64 [n, 1]: what a two-digit year lacks. */
function century(graph: GraphBuilder, written: string): string {
  const int = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1]);
  return graph.node('Where', [graph.node('Less', [written, int(CENTURY_PIVOT)]), int(2000), int(1900)]);
}

/** int64 [n, 6] from string [n, 1]: the first six runs of digits, 0 where there are fewer. */
function emitNumbers(graph: GraphBuilder, text: string): string {
  const ints = (...values: number[]) => graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  // A last row with six numbers, taken off again, makes the tokenizer always find six.
  const withSix = graph.node('Concat', [text, graph.constant(['0 0 0 0 0 0'], [1, 1])], { axis: 0 });
  const tokens = graph.node(
    'Tokenizer',
    [withSix],
    { mark: 0, mincharnum: 1, pad_value: '0', tokenexp: '[0-9]{1,4}' },
    { domain: 'com.microsoft' },
  );
  const first = graph.node('Slice', [tokens, ints(0, 0), ints(-1, 6), ints(0, 2)]);
  return graph.node('Cast', [graph.node('Squeeze', [first, ints(1)])], { to: 7 });
}
