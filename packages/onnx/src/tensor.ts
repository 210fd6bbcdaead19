/** Tensors as stored in a model: typed arrays to `TensorProto` and back. */
import { MalachiteError } from '@malachite/core/errors';
import { type ElementTypeName, elementType, elementTypeName, type Int64, type TensorProto } from './proto.ts';

/** The element types a built graph uses. */
export type TensorType = 'float' | 'double' | 'int64' | 'int32' | 'bool' | 'string';

/** Values row by row; bool is one byte a value, 0 or 1. */
export type TensorData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | readonly string[];

/**
 * A tensor for an initializer or an attribute.
 *
 * @param data the values, row by row
 * @param dims the shape; `[]` is a scalar
 * @throws InvalidInput when the shape does not hold exactly the values given.
 */
export function makeTensor(name: string, data: TensorData, dims: readonly number[]): TensorProto {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) {
    throw new MalachiteError('InvalidInput', `Tensor "${name}" has ${data.length} values but shape [${dims.join(', ')}].`);
  }
  const tensor: TensorProto = { ...emptyTensor(), name, dims: [...dims], dataType: elementType[typeOf(data)] };
  if (isStrings(data)) tensor.stringData = data.map((text) => Buffer.from(text, 'utf8'));
  else tensor.rawData = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  return tensor;
}

/** The element type that `makeTensor` gives to such values. */
export function typeOf(data: TensorData): TensorType {
  if (isStrings(data)) return 'string';
  if (data instanceof Float32Array) return 'float';
  if (data instanceof Float64Array) return 'double';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return 'bool';
}

/**
 * The values of a stored tensor, whichever of the two layouts (raw bytes or a typed list) holds them. Integers come as numbers
 * while exact. Booleans are 0 and 1.
 *
 * @throws NotSupported for element types beyond the classical ones (8-bit floats, 4-bit integers, complex).
 */
export function tensorValues(tensor: TensorProto): readonly (number | bigint | string)[] {
  const type = elementTypeName(tensor.dataType);
  const raw = tensor.rawData;
  if (raw !== undefined && raw.length > 0) return rawValues(raw, type);
  switch (type) {
    case 'string':
      return tensor.stringData.map((bytes) => Buffer.from(bytes).toString('utf8'));
    case 'float':
      return tensor.floatData;
    case 'double':
      return tensor.doubleData;
    case 'int64':
      return tensor.int64Data;
    case 'uint32':
    case 'uint64':
      return tensor.uint64Data;
    case 'int32':
    case 'int16':
    case 'int8':
    case 'uint16':
    case 'uint8':
    case 'bool':
      return tensor.int32Data;
    case 'float16':
    case 'bfloat16':
      return halves(Uint16Array.from(tensor.int32Data), type);
    default:
      throw unreadable(type);
  }
}

/** Raw bytes are little-endian by the standard, as is every machine that Node runs on. */
function rawValues(raw: Uint8Array, type: ElementTypeName | undefined): readonly Int64[] {
  const buffer = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength) as ArrayBuffer;
  switch (type) {
    case 'float':
      return Array.from(new Float32Array(buffer));
    case 'double':
      return Array.from(new Float64Array(buffer));
    case 'int64':
      return Array.from(new BigInt64Array(buffer), exactNumber);
    case 'uint64':
      return Array.from(new BigUint64Array(buffer), exactNumber);
    case 'int32':
      return Array.from(new Int32Array(buffer));
    case 'uint32':
      return Array.from(new Uint32Array(buffer));
    case 'int16':
      return Array.from(new Int16Array(buffer));
    case 'uint16':
      return Array.from(new Uint16Array(buffer));
    case 'int8':
      return Array.from(new Int8Array(buffer));
    case 'uint8':
    case 'bool':
      return Array.from(raw);
    case 'float16':
    case 'bfloat16':
      return halves(new Uint16Array(buffer), type);
    default:
      throw unreadable(type);
  }
}

/** 16-bit floats from their bits; those of `bfloat16` are the upper half of a float's. */
function halves(bits: Uint16Array, type: 'float16' | 'bfloat16'): number[] {
  const view = new DataView(new ArrayBuffer(4));
  return Array.from(bits, (half) => {
    if (type === 'bfloat16') {
      view.setUint32(0, half * 2 ** 16);
      return view.getFloat32(0);
    }
    view.setUint16(0, half);
    return view.getFloat16(0);
  });
}

/** A 64-bit integer as a number when no digit is lost, else unchanged. */
export function exactNumber(value: bigint): Int64 {
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}

function unreadable(type: string | undefined): MalachiteError {
  return new MalachiteError('NotSupported', `Tensors of type ${type ?? 'unknown'} are not read here.`);
}

function isStrings(data: TensorData): data is readonly string[] {
  return Array.isArray(data);
}

function emptyTensor(): TensorProto {
  return {
    dims: [],
    floatData: [],
    int32Data: [],
    int64Data: [],
    uint64Data: [],
    doubleData: [],
    stringData: [],
    externalData: [],
  };
}
