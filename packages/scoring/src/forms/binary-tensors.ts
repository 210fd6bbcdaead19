/**
 * The binary tensor data extension of the Open Inference Protocol, for inputs: the JSON ends after `inference-header-content-length`
 * bytes, and the tensors' bytes follow it, little endian, in the order of the inputs. Answers are JSON always, as the extension allows.
 */
import { MalachiteError } from '@malachite/core/errors';
import { short } from '../model/columns.ts';
import type { JsonObject } from './form.ts';

/** @returns the request with its binary tensors as lists. @throws InvalidInput when the bytes are not as many as the request says */
export function withBinaryData(request: JsonObject, bytes: Buffer): JsonObject {
  if (!Array.isArray(request.inputs)) return request;
  let at = 0;
  const inputs = request.inputs.map((input: JsonObject | null) => {
    const size = (input?.parameters as JsonObject | undefined)?.binary_data_size;
    if (typeof size !== 'number') return input;
    const data = bytes.subarray(at, at + size);
    at += size;
    return { ...input, data: decoded(data, textOf(input?.datatype), textOf(input?.name), size) };
  });
  if (at !== bytes.length) {
    throw new MalachiteError('InvalidInput', `The inputs say ${at} bytes of binary data, the body has ${bytes.length}.`);
  }
  return { ...request, inputs };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

type Reader = readonly [width: number, read: (bytes: Buffer, at: number) => unknown];

const readers: Readonly<Record<string, Reader>> = {
  BOOL: [1, (bytes, at) => bytes[at] !== 0],
  INT8: [1, (bytes, at) => bytes.readInt8(at)],
  UINT8: [1, (bytes, at) => bytes.readUInt8(at)],
  INT16: [2, (bytes, at) => bytes.readInt16LE(at)],
  UINT16: [2, (bytes, at) => bytes.readUInt16LE(at)],
  INT32: [4, (bytes, at) => bytes.readInt32LE(at)],
  UINT32: [4, (bytes, at) => bytes.readUInt32LE(at)],
  INT64: [8, (bytes, at) => bytes.readBigInt64LE(at)],
  UINT64: [8, (bytes, at) => bytes.readBigUInt64LE(at)],
  FP32: [4, (bytes, at) => bytes.readFloatLE(at)],
  FP64: [8, (bytes, at) => bytes.readDoubleLE(at)],
};

function decoded(bytes: Buffer, datatype: string, name: string, size: number): unknown[] {
  if (datatype === 'BYTES') return texts(bytes, name);
  const reader = Object.hasOwn(readers, datatype) ? readers[datatype] : undefined;
  if (reader === undefined || size % reader[0] !== 0 || bytes.length !== size) throw cutOff(name, datatype);
  const [width, read] = reader;
  return Array.from({ length: size / width }, (_, i) => read(bytes, i * width));
}

/** Each text has its length before it, in four bytes. */
function texts(bytes: Buffer, name: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32LE(at) : Infinity;
    if (end > bytes.length) throw cutOff(name, 'BYTES');
    found.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return found;
}

function cutOff(name: string, datatype: string): MalachiteError {
  return new MalachiteError(
    'InvalidInput',
    `Input "${short(name)}": its binary data is not a whole number of ${short(datatype)} values.`,
  );
}
