/** Ours, not Azure's: warns of number columns with infinite values. */

import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

export const infiniteValues: GuardrailCheck = {
  type: '_infinite_value',
  friendlyType: 'Infinite value detection',
  learnMore: '',
  preface: '',
  parameterNames: { column_name: 'Column name', infinite_value_count: 'Infinite value count' },
  check(input: GuardrailInput): Finding {
    const parameters = columnsWithPurposes(input).flatMap(({ column }) => {
      if (column.kind !== 'numeric') return [];
      const count = column.values.reduce((sum, value) => sum + Number(Math.abs(value) === Number.POSITIVE_INFINITY), 0);
      return count === 0 ? [] : [{ column_name: column.name, infinite_value_count: String(count) }];
    });
    if (parameters.length === 0) return passed('Every number is finite.');
    return {
      result: 'alerted',
      description:
        'Infinite values were found, often left by a division by zero. Trees take them as beyond every threshold, other models as missing. Replace them before training if they mean something else.',
      parameters: listed(parameters),
    };
  },
};
