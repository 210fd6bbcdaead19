/**
 * Dates as ten numbers each (Azure's DateTimeTransformer). A missing or unreadable date is NaN in every part, or, for learners
 * that need finite numbers, the most frequent date of the training rows (Azure's ModeCatImputer) or the one that the job gives.
 */
import type { GraphBuilder } from '@malachite/onnx';
import type { Column } from '../table/table.ts';
import { compare, countValues } from './categories.ts';
import { requireText } from './columns.ts';
import { emitCalendar } from './date-calendar.ts';
import { type DateOrder, datePartNames, dateParts } from './dates.ts';
import { type Featurizer, joinNumeric, sharedFloats } from './featurizer.ts';
import type { Imputation } from './settings.ts';

export type FittedDateParts = {
  readonly columns: readonly {
    readonly name: string;
    readonly order: DateOrder;
    /** The ten parts of a missing date. */
    readonly missing: Float32Array;
  }[];
};

const NO_DATE = new Float32Array(datePartNames.length).fill(Number.NaN);

export const datePartsFeaturizer: Featurizer<FittedDateParts> = {
  name: 'DateTimeTransformer',

  fit(planned, rows) {
    return {
      columns: planned.map(({ column, plan }) => {
        const order = plan.order ?? 'ymd';
        return { name: column.name, order, missing: partsOfMissing(column, rows, order, plan.imputation) };
      }),
    };
  },

  transform({ columns }, table) {
    const numeric = columns.flatMap(({ name, order, missing }) => {
      const column = requireText(table, name);
      const width = datePartNames.length;
      const parts = new Float32Array(column.dictionary.length * width);
      column.dictionary.forEach((text, entry) => {
        parts.set(dateParts(text, order) ?? missing, entry * width);
      });
      return datePartNames.map((part, p) => {
        const values = sharedFloats(table.rowCount);
        const otherwise = missing[p] as number;
        for (let row = 0; row < values.length; row++) {
          const entry = column.codes[row] as number;
          values[row] = entry < 0 ? otherwise : (parts[entry * width + p] as number);
        }
        return { name: `${name}_ModeCatImputer_${part}`, raw: name, values };
      });
    });
    return { numeric, categorical: [] };
  },

  emit({ columns }, graph, raw) {
    const parts = columns.map(({ name, order, missing }) => emitDateParts(graph, raw.text(name), order, missing));
    return { numeric: joinNumeric(graph, parts), categorical: [] };
  },
};

function partsOfMissing(column: Column, rows: Int32Array, order: DateOrder, imputation: Imputation | undefined): Float32Array {
  if (imputation === undefined) return NO_DATE;
  const given = imputation.strategy === 'constant' ? dateParts(String(imputation.fillValue), order) : undefined;
  if (given !== undefined) return Float32Array.from(given);
  let most = 0;
  let mode = '';
  for (const [value, count] of countValues(column, rows)) {
    const text = String(value);
    if (count < most || (count === most && compare(text, mode) >= 0) || dateParts(text, order) === undefined) continue;
    most = count;
    mode = text;
  }
  return Float32Array.from(dateParts(mode, order) ?? NO_DATE.map(() => 0));
}

/** float [n, 10] from string [n, 1]: `dateParts` as a graph. */
function emitDateParts(graph: GraphBuilder, text: string, order: DateOrder, missing: Float32Array): string {
  const op = (type: string, ...inputs: string[]) => graph.node(type, inputs);
  const int = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1]);
  const { readable, year, month, day, dayOfYear, days, hour, minute, second } = emitCalendar(graph, text, order);
  const dayOfWeek = op('Mod', op('Sub', days, int(1)), int(7));
  const quarter = op('Div', op('Add', month, int(2)), int(3));
  const weekOfMonth = op('Div', op('Add', day, int(6)), int(7));
  const parts = graph.node('Concat', [year, month, day, dayOfWeek, dayOfYear, quarter, weekOfMonth, hour, minute, second], {
    axis: 1,
  });
  return op('Where', readable, graph.node('Cast', [parts], { to: 1 }), graph.constant(missing, [1, missing.length]));
}
