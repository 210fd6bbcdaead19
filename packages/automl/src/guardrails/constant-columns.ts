/** Ours, not Azure's: tells which columns were left out because they hold one value or none. */

import { type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

export const constantColumns: GuardrailCheck = {
  type: '_constant_column',
  friendlyType: 'Constant column detection',
  learnMore: '',
  preface: 'A column that is the same in every row tells nothing about a row.',
  parameterNames: { column_name: 'Column name', missing_value_count: 'Missing value count' },
  check({ purposes }: GuardrailInput): Finding {
    const constant = purposes.filter(({ distinct }) => distinct <= 1);
    if (constant.length === 0) return passed('Every column has more than one value.');
    return {
      result: 'done',
      description: 'These columns hold one value or none and are left out. Check that they were read as they should be.',
      parameters: listed(constant.map(({ name, missing }) => ({ column_name: name, missing_value_count: String(missing) }))),
    };
  },
};
