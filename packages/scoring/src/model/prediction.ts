/** What the model answered for a batch of rows, and the part of it that belongs to one caller. */
import type { ClassLabel, Signature } from '@malachite/onnx';
import type { Tensor } from 'onnxruntime-node';

export type Numbers = Float32Array | Float64Array;

export interface Prediction {
  readonly rows: number;
  /** Predicted class a row; absent for regression. */
  readonly labels?: readonly ClassLabel[];
  /** The labels are fractions (`1.0`), which Python writes unlike integers. */
  readonly labelsAreFractions?: boolean;
  /** Row-major `[rows, classes]`. */
  readonly probabilities?: { readonly data: Numbers; readonly classes: number };
  /** Predicted numbers, row-major `[rows, valueWidth]`; absent for classification. */
  readonly values?: Numbers;
  /** Numbers a row: 1 but for models that predict several targets. */
  readonly valueWidth?: number;
}

/** Reads the runtime's tensors. @param rows how many rows the run had; outputs come as `[n]` or `[n, 1]`, whatever was declared */
export function readPrediction(signature: Signature, tensors: Readonly<Record<string, Tensor>>, rows: number): Prediction {
  const tensor = (role: string): Tensor | undefined => {
    const output = signature.outputs.find((candidate) => candidate.role === role);
    return output === undefined ? undefined : tensors[output.name];
  };
  const probabilityTensor = tensor('probabilities');
  const probabilities =
    probabilityTensor === undefined
      ? undefined
      : { data: probabilityTensor.data as Numbers, classes: rows === 0 ? 0 : probabilityTensor.size / rows };
  const label = tensor('label');
  const labels =
    label !== undefined
      ? plainLabels(label)
      : probabilities === undefined
        ? undefined
        : mostProbable(probabilities, rows, signature.classes);
  const value = tensor('value');
  return {
    rows,
    ...(labels === undefined ? {} : { labels, labelsAreFractions: label?.type === 'float32' || label?.type === 'float64' }),
    ...(probabilities === undefined ? {} : { probabilities }),
    ...(value === undefined ? {} : { values: value.data as Numbers, valueWidth: rows === 0 ? 1 : value.size / rows }),
  };
}

/** The rows `from` to `to`; numbers are views, not copies. */
export function slicePrediction(prediction: Prediction, from: number, to: number): Prediction {
  if (from === 0 && to === prediction.rows) return prediction;
  const { labels, labelsAreFractions, probabilities, values, valueWidth = 1 } = prediction;
  const k = probabilities?.classes ?? 0;
  return {
    rows: to - from,
    ...(labels === undefined ? {} : { labels: labels.slice(from, to), labelsAreFractions }),
    ...(probabilities === undefined
      ? {}
      : { probabilities: { data: probabilities.data.subarray(from * k, to * k), classes: k } }),
    ...(values === undefined ? {} : { values: values.subarray(from * valueWidth, to * valueWidth), valueWidth }),
  };
}

/** Puts the parts of a long run together again. */
export function joinPredictions(parts: readonly Prediction[]): Prediction {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? { rows: 0 };
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const { labels, labelsAreFractions, probabilities, values, valueWidth } = first;
  return {
    rows,
    ...(labels === undefined ? {} : { labels: parts.flatMap((part) => part.labels ?? []), labelsAreFractions }),
    ...(probabilities === undefined
      ? {}
      : { probabilities: { data: concatenate(parts.map((part) => part.probabilities?.data)), classes: probabilities.classes } }),
    ...(values === undefined ? {} : { values: concatenate(parts.map((part) => part.values)), valueWidth }),
  };
}

/** 64-bit integers become numbers: class labels are small. Booleans stay booleans. */
function plainLabels(tensor: Tensor): readonly ClassLabel[] {
  if (tensor.type === 'string') return tensor.data as string[];
  if (tensor.type === 'bool') return Array.from(tensor.data as Uint8Array, (value) => value !== 0);
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
}

function mostProbable(
  { data, classes }: { data: Numbers; classes: number },
  rows: number,
  labels: ClassLabel[] | undefined,
): ClassLabel[] {
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if ((data[row * classes + c] as number) > (data[row * classes + best] as number)) best = c;
    return labels?.[best] ?? best;
  });
}

function concatenate(parts: readonly (Numbers | undefined)[]): Numbers {
  const given = parts.filter((part) => part !== undefined);
  const length = given.reduce((sum, part) => sum + part.length, 0);
  const whole = given[0] instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  let at = 0;
  for (const part of given) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
