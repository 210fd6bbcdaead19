/** Ours, not Azure's: warns of number columns that float32, in which models are asked, does not tell apart. */

import type { NumericColumn } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

/** Steps of float32 that the values of a column must span. */
const fewestSteps = 100;
const [smallestFloat32, largestFloat32] = [1.2e-38, 3.4e38];

export const coarseNumbers: GuardrailCheck = {
  type: '_coarse_number_column',
  friendlyType: 'Number precision detection',
  learnMore: '',
  preface: 'Models take numbers in float32, as ONNX exports of Azure do: 24 bits, from 1.2e-38 to 3.4e38.',
  parameterNames: { column_name: 'Column name', loss: 'What is lost' },
  check(input: GuardrailInput): Finding {
    const parameters = columnsWithPurposes(input).flatMap(({ column }) => {
      const loss = column.kind === 'numeric' ? lossOf(column) : undefined;
      return loss === undefined ? [] : [{ column_name: column.name, loss }];
    });
    if (parameters.length === 0) return passed('The numbers of every column are told apart in float32.');
    return {
      result: 'alerted',
      description:
        'Subtract a constant from numbers that vary little around a large one; divide or multiply those beyond the range.',
      parameters: listed(parameters),
    };
  },
};

/** What float32 makes of the values, where that is not themselves for all purposes. */
function lossOf({ values }: NumericColumn): string | undefined {
  let [low, high, beyond, below] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (Math.abs(value) > largestFloat32) beyond++;
    else if (value !== 0 && Math.abs(value) < smallestFloat32) below++;
  }
  if (beyond > 0) return `${beyond} values are infinite`;
  if (below > 0.5 * values.length) return `${below} values are 0`;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const step = 2 ** (Math.floor(Math.log2(largest)) - 23);
  if (!(high > low) || high - low >= fewestSteps * step) return undefined;
  return `${low} to ${high}, in steps of ${Number(step.toPrecision(2))}`;
}
