/** What the model answered for a batch of rows, and the part of it that belongs to one caller. */
import { MalachiteError } from '@malachite/core/errors';
import type { ClassLabel, Signature } from '@malachite/onnx';
import type { Tensor } from 'onnxruntime-node';

export type Numbers = Float32Array | Float64Array;

export interface Prediction {
  readonly rows: number;
  /** Predicted classes, row-major `[rows, labelWidth]`; absent for regression. */
  readonly labels?: readonly ClassLabel[];
  /** Labels a row: 1 but for models that predict several targets. */
  readonly labelWidth?: number;
  /** The labels are fractions (`1.0`), which Python writes unlike integers. */
  readonly labelsAreFractions?: boolean;
  /** Row-major `[rows, targets, classes]`, one target where it is not said; `classes` are those of all targets. */
  readonly probabilities?: { readonly data: Numbers; readonly classes: number; readonly targets?: number };
  /** Predicted numbers, row-major `[rows, valueWidth]`; absent for classification. */
  readonly values?: Numbers;
  /** Numbers a row: 1 but for models that predict several targets. */
  readonly valueWidth?: number;
  /** What the model answers beside these, by the output's name. */
  readonly others?: ReadonlyMap<string, OtherOutput>;
}

/** Scores, distances, hidden layers: row-major `[rows, width]`. */
export interface OtherOutput {
  readonly data: Numbers | readonly ClassLabel[];
  readonly width: number;
}

/**
 * Reads the runtime's tensors.
 *
 * @param rows how many rows the run had; outputs come as `[n]` or `[n, 1]`, whatever was declared
 * @throws NotSupported when the model does not answer each row: one number for all, or more rows than it was given
 */
export function readPrediction(signature: Signature, tensors: Readonly<Record<string, Tensor>>, rows: number): Prediction {
  const tensor = (role: string): Tensor | undefined => {
    const output = signature.outputs.find((candidate) => candidate.role === role);
    const found = output === undefined ? undefined : tensors[output.name];
    if (output !== undefined && found !== undefined && !isOfRows(found, rows, signature.batch)) {
      throw new MalachiteError(
        'NotSupported',
        `The model's output "${output.name}" is a tensor [${found.dims.join(', ')}] for ${rows} rows: it does not answer each row, which a table's model does.`,
      );
    }
    return found;
  };
  const widthOf = ({ size }: Tensor): number => (rows === 0 ? 1 : size / rows);
  const probabilities = readProbabilities(tensor('probabilities'), rows);
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
    ...(label === undefined || label.size === rows ? {} : { labelWidth: widthOf(label) }),
    ...(probabilities === undefined ? {} : { probabilities }),
    ...(value === undefined ? {} : { values: value.data as Numbers, valueWidth: widthOf(value) }),
    ...readOthers(signature, tensors, rows, widthOf),
  };
}

/**
 * Whether a tensor has so much a row, in the order of the rows: they are its first dimension that is not 1, or it has one value for each.
 * Of one row all is. Graphs of a fixed number of rows may leave that dimension out.
 */
function isOfRows({ dims, size }: Tensor, rows: number, batch: number | null): boolean {
  if (rows <= 1 || size === rows) return true;
  return batch === null ? dims.find((length) => length !== 1) === rows : size % rows === 0;
}

function readProbabilities(tensor: Tensor | undefined, rows: number): Prediction['probabilities'] {
  if (tensor === undefined) return undefined;
  const [, targets = 1] = tensor.dims;
  return {
    data: tensor.data as Numbers,
    classes: rows === 0 ? 0 : tensor.size / rows,
    ...(tensor.dims.length === 3 ? { targets } : {}),
  };
}

/** Outputs that have no place among labels, probabilities and values; those that do not answer each row are left out. */
function readOthers(
  { outputs, batch }: Signature,
  tensors: Readonly<Record<string, Tensor>>,
  rows: number,
  widthOf: (tensor: Tensor) => number,
): Pick<Prediction, 'others'> {
  const others = new Map<string, OtherOutput>();
  for (const { name, role } of outputs) {
    const tensor = role === 'other' ? tensors[name] : undefined;
    if (tensor === undefined || !isOfRows(tensor, rows, batch) || !Number.isInteger(widthOf(tensor))) continue;
    const isFloat = tensor.type === 'float32' || tensor.type === 'float64';
    others.set(name, { data: isFloat ? (tensor.data as Numbers) : plainLabels(tensor), width: widthOf(tensor) });
  }
  return others.size === 0 ? {} : { others };
}

/** The rows `from` to `to`; numbers are views, not copies. */
export function slicePrediction(prediction: Prediction, from: number, to: number): Prediction {
  if (from === 0 && to === prediction.rows) return prediction;
  const { labels, labelsAreFractions, labelWidth, probabilities, values, valueWidth = 1, others } = prediction;
  const k = probabilities?.classes ?? 0;
  const l = labelWidth ?? 1;
  return {
    rows: to - from,
    ...(labels === undefined ? {} : { labels: labels.slice(from * l, to * l), labelsAreFractions }),
    ...(labelWidth === undefined ? {} : { labelWidth }),
    ...(probabilities === undefined
      ? {}
      : { probabilities: { ...probabilities, data: probabilities.data.subarray(from * k, to * k) } }),
    ...(values === undefined ? {} : { values: values.subarray(from * valueWidth, to * valueWidth), valueWidth }),
    ...(others === undefined ? {} : { others: mapOthers(others, ({ data, width }) => data.slice(from * width, to * width)) }),
  };
}

/** Puts the parts of a long run together again. */
export function joinPredictions(parts: readonly Prediction[]): Prediction {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? { rows: 0 };
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const { labels, labelsAreFractions, labelWidth, probabilities, values, valueWidth, others } = first;
  return {
    rows,
    ...(labels === undefined ? {} : { labels: parts.flatMap((part) => part.labels ?? []), labelsAreFractions }),
    ...(labelWidth === undefined ? {} : { labelWidth }),
    ...(probabilities === undefined
      ? {}
      : { probabilities: { ...probabilities, data: concatenate(parts.map((part) => part.probabilities?.data)) } }),
    ...(values === undefined ? {} : { values: concatenate(parts.map((part) => part.values)), valueWidth }),
    ...(others === undefined ? {} : { others: mapOthers(others, (_, name) => joinOthers(parts, name)) }),
  };
}

function mapOthers(
  others: ReadonlyMap<string, OtherOutput>,
  data: (other: OtherOutput, name: string) => OtherOutput['data'],
): ReadonlyMap<string, OtherOutput> {
  return new Map([...others].map(([name, other]) => [name, { width: other.width, data: data(other, name) }]));
}

function joinOthers(parts: readonly Prediction[], name: string): OtherOutput['data'] {
  const data = parts.map(({ others }) => others?.get(name)?.data ?? []);
  return data.every(isNumbers) ? concatenate(data) : data.flatMap((each) => [...each]);
}

function isNumbers(data: OtherOutput['data']): data is Numbers {
  return data instanceof Float32Array || data instanceof Float64Array;
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
