/** ONNX files to plain objects and back, by protobufjs over ONNX's own schema. */
import { readFileSync } from 'node:fs';
import { MalachiteError } from '@malachite/core/errors';
import protobuf from 'protobufjs';
import { otherFormat } from './other-format.ts';
import type { Int64, ModelProto } from './proto.ts';

/** Protocol buffers themselves end at 2 GiB; a larger ONNX keeps its weights outside, which is refused on its own. */
const LARGEST_MODEL_BYTES = 2 ** 31 - 1;

let modelType: protobuf.Type | undefined;

function schema(): protobuf.Type {
  modelType ??= protobuf
    .parse(readFileSync(new URL('./onnx-ml.proto', import.meta.url), 'utf8'))
    .root.lookupType('onnx.ModelProto');
  return modelType;
}

/**
 * Reads an ONNX file. Byte fields are views of `bytes`: do not overwrite it while the model is in use.
 *
 * @throws InvalidInput when the bytes are empty, not ONNX, cut off, or over 2 GiB.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  if (bytes.length === 0) throw new MalachiteError('InvalidInput', 'The model file is empty.');
  if (bytes.length > LARGEST_MODEL_BYTES) {
    throw new MalachiteError('TooLarge', `The model file has ${bytes.length} bytes; an ONNX file has at most 2 GiB.`);
  }
  const type = schema();
  try {
    const message = type.decode(new ModelReader(bytes));
    // Plain objects: on protobufjs's own, absent fields read as defaults, so an absent label could not be told from an empty one.
    return type.toObject(message, { arrays: true }) as ModelProto;
  } catch (error) {
    throw new MalachiteError('InvalidInput', whyUnreadable(bytes, error), { cause: error });
  }
}

/** Writes a model; `decodeModel(encodeModel(m))` equals `m`, and an unchanged file comes out byte for byte when its writer was canonical. */
export function encodeModel(model: ModelProto): Uint8Array {
  return schema()
    .encode(model as unknown as protobuf.Message, new ModelWriter())
    .finish();
}

/** Runs out of bytes in the middle of a field: cut off. Anything else: never was ONNX. Common other files are named. */
function whyUnreadable(bytes: Uint8Array, error: unknown): string {
  const other = otherFormat(bytes);
  if (other !== undefined) return other;
  // protobufjs stops where stacks would end.
  if (/max depth exceeded/.test(String(error))) return 'The ONNX file nests graphs in graphs too deeply to be read.';
  // Field 1 (ir_version, varint) opens every ONNX file that a known exporter writes.
  if (error instanceof RangeError && bytes[0] === 0x08) {
    return `The ONNX file is cut off: it ends after ${bytes.length} bytes, in the middle of a field. Copy or download it again.`;
  }
  return `This is not an ONNX file: its ${bytes.length} bytes are no protocol buffer, the format that ONNX is written in.`;
}

/** Reads 64-bit integers as numbers while exact; protobufjs's own objects for them triple the time to read a tree ensemble. */
class ModelReader extends protobuf.BufferReader {
  constructor(bytes: Uint8Array) {
    super(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  override int64(): never {
    return this.varint(true) as never;
  }

  override uint64(): never {
    return this.varint(false) as never;
  }

  private varint(signed: boolean): Int64 {
    let value = 0;
    let scale = 1;
    let at = this.pos;
    for (; scale < 2 ** 49; scale *= 128) {
      if (at >= this.len) throw new RangeError(`index out of range: ${at} + 1 > ${this.len}`);
      const byte = this.buf[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) {
        this.pos = at;
        return value;
      }
    }
    const bits = signed ? super.int64() : super.uint64();
    const exact = BigInt(bits.toString());
    const rounded = Number(exact);
    return Number.isSafeInteger(rounded) ? rounded : exact;
  }
}

/** Takes bigints where protobufjs takes its own objects or decimal text. */
class ModelWriter extends protobuf.BufferWriter {
  override int64(value: Parameters<protobuf.Writer['int64']>[0]): protobuf.Writer {
    return super.int64(writable(value as unknown as Int64));
  }

  override uint64(value: Parameters<protobuf.Writer['uint64']>[0]): protobuf.Writer {
    return super.uint64(writable(value as unknown as Int64));
  }

  override int64s(values: number[]): protobuf.Writer {
    return super.int64s((values as Int64[]).map(writable) as number[]);
  }

  override uint64s(values: number[]): protobuf.Writer {
    return super.uint64s((values as Int64[]).map(writable) as number[]);
  }
}

function writable(value: Int64): number | string {
  return typeof value === 'bigint' ? value.toString() : value;
}
