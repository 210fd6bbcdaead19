/**
 * The Open Inference Protocol, version 2, as KServe, Triton and MLServer speak it: tensors by name in, tensors by name out, in JSON.
 * Source: the protocol's REST document (kserve/open-inference-protocol).
 */
import { MalachiteError } from '@malachite/core/errors';
import type { ClassLabel, InputSignature, OutputSignature, Signature } from '@malachite/onnx';
import type { Rows } from '../model/batch.ts';
import { short, spelling } from '../model/columns.ts';
import type { Prediction } from '../model/prediction.ts';
import { jsonFloat, jsonText } from '../wire/python-json.ts';
import type { JsonObject } from './form.ts';

/** What a request asks, beyond its rows. */
export interface InferenceRequest {
  readonly rows: Rows;
  /** Comes back in the answer. */
  readonly id: string | undefined;
  /** The outputs that are asked for; all when empty. */
  readonly outputs: readonly string[];
}

const datatypes: Readonly<Record<string, string>> = {
  string: 'BYTES',
  float: 'FP32',
  double: 'FP64',
  int64: 'INT64',
  int32: 'INT32',
  int16: 'INT16',
  int8: 'INT8',
  uint64: 'UINT64',
  uint32: 'UINT32',
  uint16: 'UINT16',
  uint8: 'UINT8',
  bool: 'BOOL',
};

/** What `GET /v2/models/{name}` answers. */
export function modelMetadata(signature: Signature, name: string): JsonObject {
  return {
    name,
    versions: ['1'],
    platform: 'onnx_onnxv1',
    inputs: signature.inputs.map(({ name: input, elementType, columns, dims }) => ({
      name: input,
      datatype: datatypes[elementType] ?? elementType,
      shape:
        dims.length > 2 ? [-1, ...dims.slice(1).map((size) => size ?? -1)] : [-1, columns.length === 0 ? -1 : columns.length],
    })),
    outputs: answered(signature).map((output) => ({
      name: output.name,
      datatype: outputType(output),
      shape: [-1, ...restOf(output).map((size) => size ?? -1)],
    })),
  };
}

/** @throws InvalidInput naming the tensor that is missing, or does not have the size that its shape says */
export function readInference(body: JsonObject, signature: Signature): InferenceRequest {
  const { inputs, outputs, id } = body;
  if (!Array.isArray(inputs)) throw new MalachiteError('InvalidInput', '"inputs" should be a list of tensors.');
  const tensors = new Map(inputs.map((input) => readTensor(input)));
  const named = Array.isArray(outputs) ? outputs.map(nameOf) : [];
  const known = answered(signature).map(({ name }) => name);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new MalachiteError('InvalidInput', `The model has no output "${short(unknown)}". Outputs: ${known.join(', ')}.`);
  }
  return { rows: rowsOf(tensors, signature), id: typeof id === 'string' ? id : undefined, outputs: named };
}

/** @param model the name that the answer carries */
export function writeInference(
  prediction: Prediction,
  signature: Signature,
  { id, outputs }: Pick<InferenceRequest, 'id' | 'outputs'>,
  model: string,
): string {
  const tensors = answered(signature)
    .filter(({ name }) => outputs.length === 0 || outputs.includes(name))
    .map((output) => outputTensor(output, prediction));
  const identity = id === undefined ? '' : `"id": ${jsonText(id)}, `;
  return `{"model_name": ${jsonText(model)}, "model_version": "1", ${identity}"outputs": [${tensors.join(', ')}]}`;
}

function nameOf(output: unknown): string {
  const name = (output as JsonObject | null)?.name;
  if (typeof name === 'string') return name;
  throw new MalachiteError('InvalidInput', 'Each of "outputs" should have a "name".');
}

interface InferenceTensor {
  /** Sizes of the dimensions after that of the rows, and values a row. */
  readonly sizes: readonly number[];
  readonly width: number;
  readonly data: readonly unknown[];
}

function readTensor(input: unknown): [string, InferenceTensor] {
  const { name, shape, data } = (input ?? {}) as JsonObject;
  if (typeof name !== 'string') throw new MalachiteError('InvalidInput', 'Each of "inputs" should have a "name".');
  if (!isShape(shape)) throw new MalachiteError('InvalidInput', `Input "${short(name)}" should have a "shape" such as [1, 1].`);
  if (!Array.isArray(data)) {
    throw new MalachiteError('InvalidInput', `Input "${short(name)}" should have "data", a list of values.`);
  }
  // Flat, or nested as the shape says.
  const flat = data.flat(shape.length) as unknown[];
  const size = shape.reduce((product, length) => product * length, 1);
  if (flat.length !== size) {
    throw new MalachiteError(
      'InvalidInput',
      `Input "${short(name)}" has ${flat.length} values, and its shape [${shape.join(', ')}] ${size}.`,
    );
  }
  const sizes = shape.slice(1);
  return [name, { sizes, width: sizes.reduce((product, length) => product * length, 1), data: flat }];
}

const MOST_DIMENSIONS = 8;

function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) &&
    shape.length > 0 &&
    shape.length <= MOST_DIMENSIONS &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  );
}

/** A matrix of a model whose width is open goes in as lists; every other tensor is one column, or some side by side. */
function rowsOf(tensors: ReadonlyMap<string, InferenceTensor>, signature: Signature): Rows {
  const columns = new Map<string, unknown[]>();
  for (const input of signature.inputs) {
    const { sizes, width, data } = tensorFor(input, tensors);
    if (input.columns.length === 0) return { kind: 'matrix', lists: cut(data, width).map((row) => nested(row, sizes)) };
    if (width !== input.columns.length) {
      throw new MalachiteError(
        'InvalidInput',
        `Input "${input.name}" has ${width} values a row, expected ${input.columns.length}.`,
      );
    }
    for (const [c, column] of input.columns.entries()) {
      columns.set(
        column.name,
        Array.from({ length: data.length / width }, (_, row) => data[row * width + c]),
      );
    }
  }
  return { kind: 'columns', columns };
}

/** By the name of the graph's input or, for a single column, by the column's own. */
function tensorFor({ name, columns }: InputSignature, tensors: ReadonlyMap<string, InferenceTensor>): InferenceTensor {
  const found = tensors.get(name) ?? (columns.length === 1 ? tensors.get(columns[0]?.name ?? '') : undefined);
  if (found !== undefined) return found;
  for (const [given, tensor] of tensors) if (spelling(given) === spelling(name)) return tensor;
  throw new MalachiteError('InvalidInput', `Input "${name}" is missing.`);
}

/** Pieces of one length. */
function cut(data: readonly unknown[], length: number): unknown[][] {
  return Array.from({ length: length === 0 ? 0 : data.length / length }, (_, i) => data.slice(i * length, (i + 1) * length));
}

/** A row's values as lists in lists of these sizes. */
function nested(values: unknown[], sizes: readonly number[]): unknown[] {
  return sizes.slice(1).reduceRight((lists: unknown[], size) => cut(lists, size), values);
}

/** The outputs that have something a row: not lists that are the same for all rows, as of a classifier's labels. */
function answered({ outputs, batch }: Signature): readonly OutputSignature[] {
  return outputs.filter(({ role, dims }) => role !== 'other' || batch !== null || dims?.every((size) => size !== null) !== true);
}

/** Numbers are floats whatever the graph computes with; labels are of their own type. */
function outputType({ elementType }: OutputSignature): string {
  return datatypes[elementType] ?? 'FP32';
}

function outputTensor(output: OutputSignature, prediction: Prediction): string {
  const { rows, labels = [], labelWidth = 1, probabilities, values = [], valueWidth = 1, others } = prediction;
  switch (output.role) {
    case 'label':
      return tensorJson(output, rows, labelWidth, labels);
    case 'probabilities':
      return tensorJson(output, rows, probabilities?.classes ?? 0, probabilities?.data ?? []);
    case 'value':
      return tensorJson(output, rows, valueWidth, values);
    case 'other': {
      const { data = [], width = 0 } = others?.get(output.name) ?? {};
      return tensorJson(output, rows, width, data);
    }
  }
}

/** @param width values a row */
function tensorJson(output: OutputSignature, rows: number, width: number, data: ArrayLike<ClassLabel>): string {
  const { name } = output;
  const shape = [rows, ...sizesOf(output, width)];
  const isFloat = outputType(output).startsWith('FP');
  const written = Array.from(data, (value) => {
    if (typeof value === 'string') return jsonText(value);
    return isFloat ? jsonFloat(Number(value)) : String(value);
  });
  return `{"name": ${jsonText(name)}, "datatype": "${outputType(output)}", "shape": [${shape.join(', ')}], "data": [${written.join(', ')}]}`;
}

/** The declared sizes after the first; a label is one value a row where nothing is declared. */
function restOf({ role, dims }: OutputSignature): readonly (number | null)[] {
  return dims?.slice(1) ?? (role === 'label' ? [] : [null]);
}

/** The same with the free size as it turned out; `[width]` where the model answers in another shape than it declares. */
function sizesOf(output: OutputSignature, width: number): readonly number[] {
  const rest = restOf(output);
  const known = rest.reduce<number>((product, size) => product * (size ?? 1), 1);
  const sizes = rest.map((size) => size ?? width / known);
  return sizes.reduce((product, size) => product * size, 1) === width ? sizes : [width];
}
