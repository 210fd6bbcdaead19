/** Ours, not Azure's: warns when validation rows were seen in training. */

import type { Table } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, passed } from './guardrail.ts';

/** Share of validation rows from which copies make the metrics look better than they are. */
const tolerated = 0.01;
/** Where there are fewer combinations of values than this many times the rows, equal rows are no copies. */
const fewCombinations = 10;
/** A column of fractions with no more values than this is a scale, such as ratings by halves. */
const mostCategories = 20;

export const duplicateRows: GuardrailCheck = {
  type: '_duplicate_rows',
  friendlyType: 'Duplicates across training and validation',
  learnMore: '',
  preface: 'A validation row that is also a training row measures memory, not skill.',
  parameterNames: {
    duplicate_rows: 'Validation rows also in training',
    validation_rows: 'Validation rows',
    percentage: 'Percentage',
  },
  check(input: GuardrailInput): Finding {
    const { features, target, validation } = input;
    if (combinations(input) < fewCombinations * features.rowCount)
      return passed('The columns have so few values that different cases share them; copies cannot be told.');
    const keys = rowKeys(features, target.y);
    let duplicates = 0;
    let total = 0;
    for (const { train, validation: held } of validation.folds) {
      const seen = new Set<number>();
      for (const row of train) seen.add(keys[row]!);
      for (const row of held) if (seen.has(keys[row]!)) duplicates++;
      total += held.length;
    }
    if (duplicates <= tolerated * total) return passed('Hardly any validation row repeats a training row.');
    return {
      result: 'alerted',
      description:
        'Remove duplicate rows before training, or keep copies on one side of the split. Different cases that only share their values are no copies.',
      parameters: [
        {
          duplicate_rows: String(duplicates),
          validation_rows: String(total),
          percentage: ((100 * duplicates) / total).toFixed(1),
        },
      ],
    };
  },
};

/** How many different rows the columns allow; without end where a column of fractions has no holes, whose equal values are no chance. */
function combinations(input: GuardrailInput): number {
  return columnsWithPurposes(input).reduce((product, { column, detected: { distinct, missing } }) => {
    const isContinuous = column.kind === 'numeric' && !column.integer && missing === 0 && distinct > mostCategories;
    return isContinuous ? Number.POSITIVE_INFINITY : product * Math.max(1, distinct + Number(missing > 0));
  }, 1);
}

/** A 53-bit fingerprint of each row, target included: equal rows have equal ones, and a million different rows hardly ever do. */
function rowKeys(features: Table, y: ArrayLike<number>): Float64Array {
  const low = new Uint32Array(features.rowCount).fill(0x811c9dc5);
  const high = new Uint32Array(features.rowCount).fill(0x9747b28c);
  const bits = new DataView(new ArrayBuffer(8));
  const absorb = (numberAt: (row: number) => number): void => {
    for (let row = 0; row < features.rowCount; row++) {
      bits.setFloat64(0, numberAt(row) + 0);
      const [first, second] = [bits.getUint32(0), bits.getUint32(4)];
      low[row] = mixed(mixed(low[row]! ^ first) ^ second);
      high[row] = mixed(mixed(high[row]! + second) + first);
    }
  };
  for (const column of features.columns) {
    absorb(column.kind === 'numeric' ? (row) => column.values[row]! : (row) => column.codes[row]!);
  }
  absorb((row) => y[row]!);
  return Float64Array.from(low, (word, row) => (high[row]! >>> 11) * 2 ** 32 + word);
}

/** A bijection of 32 bits that lets every input bit reach every output bit (the finalizer of MurmurHash3). */
function mixed(word: number): number {
  let hash = word | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
