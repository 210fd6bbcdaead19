/** Inputs of 64-bit integers. */
import type { ElementBuffer } from './element-buffer.ts';
import { asInteger, LEAST_INT64 } from './json-numbers.ts';
import { typedMemory } from './typed-memory.ts';

/**
 * @param nullable null is the smallest int64, which Azure's exports and ours take for missing
 *
 * 64-bit integers are written as two 32-bit halves: no BigInt is made for the small numbers that nearly all are.
 */
export function int64Buffer(nullable: boolean): ElementBuffer {
  const memory = typedMemory('int64', (size) => new BigInt64Array(size));
  let halves = new Int32Array(memory.values.buffer);
  return {
    expects: 'an integer',
    write(position, value) {
      if (typeof value === 'number' && (value | 0) === value) {
        halves[position * 2] = value;
        halves[position * 2 + 1] = value < 0 ? -1 : 0;
        return true;
      }
      const integer = value === null || Number.isNaN(value) ? (nullable ? LEAST_INT64 : undefined) : asInteger(value);
      if (integer === undefined) return false;
      memory.values[position] = integer;
      return true;
    },
    grow(capacity) {
      memory.grow(capacity);
      halves = new Int32Array(memory.values.buffer);
    },
    copyRows: memory.copyRows,
    tensor: memory.tensor,
    copy(from, step, count, into, at) {
      for (let i = 0; i < count; i++) {
        const place = (from + i * step) * 2;
        const high = halves[place + 1] as number;
        const value = high * 2 ** 32 + ((halves[place] as number) >>> 0);
        if ((high >= 2 ** 21 || high < -(2 ** 21)) && value !== -(2 ** 63)) return false;
        into[at + i] = value;
      }
      return true;
    },
  };
}

export function uint64Buffer(): ElementBuffer {
  const memory = typedMemory('uint64', (size) => new BigUint64Array(size));
  return {
    expects: 'an integer from 0 to 18446744073709551615',
    write(position, value) {
      const integer = typeof value === 'bigint' ? value : asInteger(value);
      if (integer === undefined || integer < 0n || integer >= 2n ** 64n) return false;
      memory.values[position] = integer;
      return true;
    },
    grow: memory.grow,
    copyRows: memory.copyRows,
    tensor: memory.tensor,
    copy: () => false,
  };
}
