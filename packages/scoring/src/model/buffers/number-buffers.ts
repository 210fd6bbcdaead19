/** Inputs of numbers that a double holds: floats, integers of 32 bits and less, booleans. */
import type { ElementBuffer } from './element-buffer.ts';
import { asFloat, asInteger } from './json-numbers.ts';
import { typedMemory } from './typed-memory.ts';

export function floatBuffer(type: 'float32' | 'float64', allocate: (size: number) => Float32Array | Float64Array): ElementBuffer {
  const memory = typedMemory(type, allocate);
  return {
    expects: 'a number',
    write(position, value) {
      const number = typeof value === 'number' ? value : asFloat(value);
      if (number === undefined) return false;
      memory.values[position] = number;
      return true;
    },
    grow: memory.grow,
    copyRows: memory.copyRows,
    tensor: memory.tensor,
    copy(from, step, count, into, at) {
      const { values } = memory;
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as number;
      return true;
    },
  };
}

type IntegerArray = Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;
type IntegerType = 'int32' | 'int16' | 'int8' | 'uint32' | 'uint16' | 'uint8';

export function integerBuffer(
  type: IntegerType,
  allocate: (size: number) => IntegerArray,
  least: number,
  most: number,
): ElementBuffer {
  const memory = typedMemory(type, allocate);
  return {
    expects: `an integer from ${least} to ${most}`,
    write(position, value) {
      const integer = asInteger(value);
      if (integer === undefined || integer < least || integer > most) return false;
      memory.values[position] = Number(integer);
      return true;
    },
    grow: memory.grow,
    copyRows: memory.copyRows,
    tensor: memory.tensor,
    copy(from, step, count, into, at) {
      const { values } = memory;
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as number;
      return true;
    },
  };
}

export function booleanBuffer(): ElementBuffer {
  const memory = typedMemory('bool', (size) => new Uint8Array(size));
  return {
    expects: 'true or false',
    write(position, value) {
      if (value === true || value === 1 || value === 'True' || value === 'true') memory.values[position] = 1;
      else if (value === false || value === 0 || value === 'False' || value === 'false') memory.values[position] = 0;
      else return false;
      return true;
    },
    grow: memory.grow,
    copyRows: memory.copyRows,
    tensor: memory.tensor,
    copy(from, step, count, into, at) {
      const { values } = memory;
      for (let i = 0; i < count; i++) into[at + i] = values[from + i * step] as number;
      return true;
    },
  };
}
