/** Node attributes: JavaScript values in, `AttributeProto` out, and the reading of them. */
import { MalachiteError } from '@malachite/core/errors';
import { type AttributeProto, attributeType, type GraphProto, type Int64, type TensorProto } from './proto.ts';

/**
 * What an attribute may be given as. JavaScript has one kind of number and ONNX two, so a number (or a list of them) is a float
 * when the attribute is one of ONNX's float attributes by name (`floatAttributes`) and an integer otherwise; the objects say it
 * outright, and a Float32Array or Float64Array is always floats.
 */
export type AttributeValue =
  | number
  | bigint
  | string
  | readonly number[]
  | readonly bigint[]
  | readonly string[]
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | { readonly float: number }
  | { readonly floats: ArrayLike<number> }
  | { readonly int: Int64 }
  | { readonly ints: ArrayLike<Int64> }
  | { readonly strings: readonly string[] }
  | { readonly tensor: TensorProto }
  | { readonly graph: GraphProto };

/** The float attributes of ai.onnx and ai.onnx.ml; no operator uses one of these names for integers. */
const floatAttributes = new Set(
  (
    'alpha beta gamma epsilon lambd bias momentum ratio threshold scale offset coefficients intercepts rho kernel_params prob_a ' +
    'prob_b support_vectors nodes_values nodes_hitrates base_values class_weights target_weights leaf_weights imputed_value_floats ' +
    'replaced_value_float keys_floats values_floats default_float value_float value_floats weights'
  ).split(' '),
);

/** @throws InvalidInput for an empty list of unknown kind and for a fraction where the attribute takes integers. */
export function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  const attribute: AttributeProto = { name, floats: [], ints: [], strings: [], tensors: [], graphs: [] };
  if (typeof value === 'string') {
    return { ...attribute, type: attributeType.string, s: utf8(value) };
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return floatAttributes.has(name)
      ? { ...attribute, type: attributeType.float, f: Number(value) }
      : { ...attribute, type: attributeType.int, i: integer(name, value) };
  }
  if (value instanceof Float32Array || value instanceof Float64Array) return floats(attribute, value);
  if (value instanceof BigInt64Array || value instanceof Int32Array) return ints(attribute, value);
  if (isList(value)) {
    if (typeof value[0] === 'string') return strings(attribute, value as readonly string[]);
    return floatAttributes.has(name) ? floats(attribute, value as readonly number[]) : ints(attribute, value as readonly Int64[]);
  }
  if ('float' in value) return { ...attribute, type: attributeType.float, f: value.float };
  if ('floats' in value) return floats(attribute, value.floats);
  if ('int' in value) return { ...attribute, type: attributeType.int, i: integer(name, value.int) };
  if ('ints' in value) return ints(attribute, value.ints);
  if ('strings' in value) return strings(attribute, value.strings);
  if ('tensor' in value) return { ...attribute, type: attributeType.tensor, t: value.tensor };
  return { ...attribute, type: attributeType.graph, g: value.graph };
}

/** The text of a string attribute, or undefined when it is absent. */
export function attributeText(attributes: readonly AttributeProto[], name: string): string | undefined {
  const bytes = attributes.find((attribute) => attribute.name === name)?.s;
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/** The texts of a string-list attribute; empty when it is absent. */
export function attributeTexts(attributes: readonly AttributeProto[], name: string): string[] {
  const list = attributes.find((attribute) => attribute.name === name)?.strings ?? [];
  return list.map((bytes) => Buffer.from(bytes).toString('utf8'));
}

/** The integers of an integer-list attribute; empty when it is absent. */
export function attributeInts(attributes: readonly AttributeProto[], name: string): readonly Int64[] {
  return attributes.find((attribute) => attribute.name === name)?.ints ?? [];
}

function floats(attribute: AttributeProto, values: ArrayLike<number>): AttributeProto {
  return { ...attribute, type: attributeType.floats, floats: Array.from(values) };
}

function ints(attribute: AttributeProto, values: ArrayLike<Int64>): AttributeProto {
  const name = attribute.name ?? '';
  return { ...attribute, type: attributeType.ints, ints: Array.from(values, (value) => integer(name, value)) };
}

function strings(attribute: AttributeProto, values: readonly string[]): AttributeProto {
  return { ...attribute, type: attributeType.strings, strings: values.map(utf8) };
}

function integer(name: string, value: Int64): Int64 {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return value;
  throw new MalachiteError(
    'InvalidInput',
    `Attribute "${name}" takes integers, ${value} was given. Write { float: ${value} } if it is a float attribute.`,
  );
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}
