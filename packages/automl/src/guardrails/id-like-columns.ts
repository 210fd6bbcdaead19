/** Ours, not Azure's: warns of number columns that only number the rows. Text of that kind is dropped as `Hashes`. */

import type { NumericColumn } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

/** Below this many rows, numbers can all differ by chance. */
const leastRows = 20;
const idWord = /(^|[^a-z])(id|uuid|guid|key|index|rownum|row|number|no|nr)([^a-z]|$)/i;
const idSuffix = /[a-z](Id|ID|Key|Index)$/;

export const idLikeColumns: GuardrailCheck = {
  type: '_id_like_column',
  friendlyType: 'ID-like column detection',
  learnMore: '',
  preface: 'A model can learn a row number by heart and nothing from it.',
  parameterNames: { column_name: 'Column name', distinct_values: 'Distinct values', why: 'Why' },
  check(input: GuardrailInput): Finding {
    const parameters = columnsWithPurposes(input).flatMap(({ column, detected: { distinct, rows } }) => {
      if (column.kind !== 'numeric' || !column.integer || rows < leastRows || distinct < rows) return [];
      const why = reason(column);
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

/** Every value differs; what else speaks for an identifier? */
function reason({ name, values }: NumericColumn): string | undefined {
  const step = values[1]! - values[0]!;
  let counts = true;
  for (let row = 2; row < values.length && counts; row++) counts = values[row]! - values[row - 1]! === step;
  if (counts) return 'counts the rows';
  return idWord.test(name) || idSuffix.test(name) ? 'a different whole number in every row, named like an identifier' : undefined;
}
