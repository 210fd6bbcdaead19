/** Tells which text columns were dropped because nearly every row has a value of its own. */

import { type Finding, type GuardrailCheck, type GuardrailInput, passed } from './guardrail.ts';

export const highCardinality: GuardrailCheck = {
  type: '_detect_high_cardinal_feature',
  friendlyType: 'High cardinality feature detection',
  learnMore: 'Learn more about high cardinality feature handling: https://aka.ms/AutomatedMLFeaturization',
  preface: 'High cardinality features refer to columns that contain a large percentage of unique values.',
  parameterNames: { column_name: 'Column name', content_type: 'Column Content Type' },
  check({ purposes }: GuardrailInput): Finding {
    const hashes = purposes.filter(({ purpose }) => purpose === 'Hashes');
    if (hashes.length === 0) return passed('Your inputs were analyzed, and no high cardinality features were detected.');
    return {
      result: 'done',
      description: 'High cardinality features were detected in your inputs and handled.',
      parameters: hashes.map(({ name }) => ({ column_name: name, content_type: 'hashes' })),
    };
  },
};
