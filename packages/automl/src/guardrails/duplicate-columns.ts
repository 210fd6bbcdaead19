/** Ours, not Azure's: warns of columns that hold the same in every row. */

import type { Column } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

export const duplicateColumns: GuardrailCheck = {
  type: '_duplicate_column',
  friendlyType: 'Duplicate column detection',
  learnMore: '',
  preface: 'Of two equal columns one is enough.',
  parameterNames: { column_name: 'Column name', same_as: 'Same as' },
  check(input: GuardrailInput): Finding {
    const varying = columnsWithPurposes(input).filter(({ detected }) => detected.distinct > 1);
    const firsts = new Map<number, Column[]>();
    const parameters = varying.flatMap(({ column }) => {
      const key = fingerprint(column);
      const alike = firsts.get(key) ?? [];
      const first = alike.find((other) => isEqual(other, column));
      if (first === undefined) {
        firsts.set(key, [...alike, column]);
        return [];
      }
      return [{ column_name: column.name, same_as: first.name }];
    });
    if (parameters.length === 0) return passed('No two columns hold the same values.');
    return {
      result: 'alerted',
      description: 'Keep one column of each pair: copies share their importance in explanations and make every request longer.',
      parameters: listed(parameters),
    };
  },
};

/** Equal columns have equal ones. */
function fingerprint(column: Column): number {
  let hash = 0x811c9dc5;
  const absorb = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
  };
  if (column.kind === 'numeric') {
    const bits = new DataView(new ArrayBuffer(8));
    for (const value of column.values) {
      bits.setFloat64(0, value + 0); // −0 equals 0
      absorb(bits.getInt32(0));
      absorb(bits.getInt32(4));
    }
    return hash;
  }
  // Two columns with the same texts may count them in another order.
  const place = new Map<number, number>();
  for (const code of column.codes) {
    if (!place.has(code)) place.set(code, place.size);
    absorb(code < 0 ? -1 : (place.get(code) as number));
  }
  return hash;
}

function isEqual(a: Column, b: Column): boolean {
  if (a.kind === 'numeric')
    return (
      b.kind === 'numeric' &&
      a.values.every((value, row) => value === b.values[row] || (Number.isNaN(value) && Number.isNaN(b.values[row])))
    );
  return b.kind === 'string' && a.codes.every((code, row) => a.dictionary[code] === b.dictionary[b.codes[row] as number]);
}
