/** Which storage an input of the graph needs. */
import { MalachiteError } from '@malachite/core/errors';
import type { InputSignature } from '@malachite/onnx';
import type { ElementBuffer } from './element-buffer.ts';
import { booleanBuffer, floatBuffer, integerBuffer } from './number-buffers.ts';
import { textBuffer } from './text-buffer.ts';
import { int64Buffer, uint64Buffer } from './wide-integer-buffers.ts';

/** @throws NotSupported for element types that no tabular export uses. */
export function inputBuffer(input: InputSignature): ElementBuffer {
  switch (input.elementType) {
    case 'string':
      return textBuffer(input);
    case 'float':
      return floatBuffer('float32', (size) => new Float32Array(size));
    case 'double':
      return floatBuffer('float64', (size) => new Float64Array(size));
    case 'int64':
      return int64Buffer(input.columns.length > 0 && input.columns.every((column) => column.nullable));
    case 'uint64':
      return uint64Buffer();
    case 'int32':
      return integerBuffer('int32', (size) => new Int32Array(size), -(2 ** 31), 2 ** 31 - 1);
    case 'int16':
      return integerBuffer('int16', (size) => new Int16Array(size), -(2 ** 15), 2 ** 15 - 1);
    case 'int8':
      return integerBuffer('int8', (size) => new Int8Array(size), -128, 127);
    case 'uint32':
      return integerBuffer('uint32', (size) => new Uint32Array(size), 0, 2 ** 32 - 1);
    case 'uint16':
      return integerBuffer('uint16', (size) => new Uint16Array(size), 0, 2 ** 16 - 1);
    case 'uint8':
      return integerBuffer('uint8', (size) => new Uint8Array(size), 0, 255);
    case 'bool':
      return booleanBuffer();
    default:
      throw new MalachiteError(
        'NotSupported',
        `Input "${input.name}" takes ${input.elementType}, which cannot be fed from JSON here.`,
      );
  }
}
