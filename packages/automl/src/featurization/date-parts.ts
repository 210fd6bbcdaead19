/**
 * Dates as ten numbers each (Azure's DateTimeTransformer). A missing or unreadable date is NaN in every part, or, for learners
 * that need finite numbers, the most frequent date of the training rows (Azure's ModeCatImputer).
 */
import type { GraphBuilder } from '@malachite/onnx';
import { compare, countValues } from './categories.ts';
import { requireText } from './columns.ts';
import { CENTURY_PIVOT, type DateOrder, datePartNames, dateParts, datePositions, daysBeforeMonth } from './dates.ts';
import { type Featurizer, sharedFloats } from './featurizer.ts';

export type FittedDateParts = {
  readonly columns: readonly {
    readonly name: string;
    readonly order: DateOrder;
    /** The ten parts of a missing date. */
    readonly missing: Float32Array;
  }[];
};

const NO_DATE = new Float32Array(datePartNames.length).fill(Number.NaN);

/** @param orders how each column writes its dates; `imputed`: the mode for a missing date, else NaN. */
export function datePartsOf(orders: ReadonlyMap<string, DateOrder>, imputed: boolean): Featurizer<FittedDateParts> {
  return {
    name: 'DateTimeTransformer',

    fit(columns, rows) {
      return {
        columns: columns.map((column) => {
          const order = orders.get(column.name) ?? 'ymd';
          if (!imputed) return { name: column.name, order, missing: NO_DATE };
          const counts = [...countValues(column, rows)].filter(([text]) => dateParts(String(text), order) !== undefined);
          const [mode] = counts.sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
          return {
            name: column.name,
            order,
            missing: Float32Array.from((mode && dateParts(String(mode[0]), order)) ?? NO_DATE.map(() => 0)),
          };
        }),
      };
    },

    transform({ columns }, table) {
      const numeric = columns.flatMap(({ name, order, missing }) => {
        const column = requireText(table, name);
        const parts = column.dictionary.map((text) => dateParts(text, order) ?? missing);
        return datePartNames.map((part, p) => {
          const values = sharedFloats(table.rowCount);
          for (let row = 0; row < values.length; row++)
            values[row] = (parts[column.codes[row] as number] ?? missing)[p] as number;
          return { name: `${name}_ModeCatImputer_${part}`, raw: name, values };
        });
      });
      return { numeric, categorical: [] };
    },

    emit({ columns }, graph, raw) {
      const parts = columns.map(({ name, order, missing }) => emitDateParts(graph, raw.text(name), order, missing));
      return { numeric: parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: 1 }), categorical: [] };
    },
  };
}

/** float [n, 10] from string [n, 1]: `dateParts` as a graph. */
function emitDateParts(graph: GraphBuilder, text: string, order: DateOrder, missing: Float32Array): string {
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
  const dayOfWeek = op('Mod', op('Sub', days, int(1)), int(7));
  const quarter = op('Div', op('Add', month, int(2)), int(3));
  const weekOfMonth = op('Div', op('Add', day, int(6)), int(7));

  const parts = graph.node('Concat', [year, month, day, dayOfWeek, dayOfYear, quarter, weekOfMonth, hour, minute, second], {
    axis: 1,
  });
  return op('Where', readable, graph.node('Cast', [parts], { to: 1 }), graph.constant(missing, [1, missing.length]));
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
