/** Ours, not Azure's: warns of number columns that only number the rows. Text of that kind is dropped as `Hashes`. */

import type { NumericColumn } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

/** Below this many rows, numbers can all differ by chance. */
const leastRows = 20;
const idWord = /(^|[^a-z])(id|uuid|guid|key|index|rownum|row|number|no|nr)([^a-z]|$)/i;
const idSuffix = /[a-z](Id|ID|Key|Index)$/;
/** Names that hold nothing else, so that a number that comes back is one as well: a customer with several rows. */
const surelyId = /(^|[^a-z])(id|uuid|guid)([^a-z]|$)|[a-z](Id|ID)$/i;
/** Of such a column, distinct values a row from which on it is no small set of groups. */
const manyValues = 0.2;

export const idLikeColumns: GuardrailCheck = {
  type: '_id_like_column',
  friendlyType: 'ID-like column detection',
  learnMore: '',
  preface: 'A model can learn a row number by heart and nothing from it.',
  parameterNames: { column_name: 'Column name', distinct_values: 'Distinct values', why: 'Why' },
  check(input: GuardrailInput): Finding {
    const parameters = columnsWithPurposes(input).flatMap(({ column, detected: { distinct, rows } }) => {
      if (column.kind !== 'numeric' || !column.integer || rows < leastRows) return [];
      const why = reason(column, distinct);
      return why === undefined ? [] : [{ column_name: column.name, distinct_values: String(distinct), why }];
    });
    if (parameters.length === 0) return passed('No number column looks like a row number or an identifier.');
    return {
      result: 'alerted',
      description: 'Drop these columns unless their order carries meaning.',
      parameters: listed(parameters),
    };
  },
};

/** What speaks for an identifier: of values that all differ their order, their span or the name, of others the name alone. */
function reason({ name, values }: NumericColumn, distinct: number): string | undefined {
  const rows = values.length;
  if (distinct < rows)
    return surelyId.test(name) && distinct >= manyValues * rows
      ? 'many different whole numbers, named like an identifier'
      : undefined;
  const step = values[1]! - values[0]!;
  let counts = true;
  for (let row = 2; row < values.length && counts; row++) counts = values[row]! - values[row - 1]! === step;
  if (counts) return 'counts the rows';
  if (isNumbering(values)) return 'numbers the rows, in another order';
  return idWord.test(name) || idSuffix.test(name) ? 'a different whole number in every row, named like an identifier' : undefined;
}

/** Whether different whole numbers leave none out between the smallest and the largest. */
function isNumbering(values: Float64Array): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least === values.length - 1;
}
