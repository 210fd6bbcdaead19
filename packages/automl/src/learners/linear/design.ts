/**
 * The design matrix of a linear model without being one: numbers are dense columns, a category feature is a one-hot block of
 * which a row has at most one column set. Coefficient `j` belongs to number `j`; after the numbers come the blocks, one
 * coefficient a known category. A category that training did not know (code 0) adds nothing.
 */
import { designWidth, type FeatureMatrix } from '../../featurization/features.ts';

export type Design = {
  readonly rowCount: number;
  readonly width: number;
  readonly dense: readonly Float32Array[];
  readonly blocks: readonly { readonly codes: Int32Array; readonly begin: number; readonly size: number }[];
};

/** @param rows the rows of the design, in this order, copied next to each other so that loops run in sequence; default all, not copied. */
export function designOf(features: FeatureMatrix, rows?: Int32Array): Design {
  let begin = features.numeric.length;
  const blocks = features.categorical.map(({ codes, labels }) => {
    const block = {
      codes: rows === undefined ? codes : taken(codes, rows, new Int32Array(rows.length)),
      begin,
      size: labels.length,
    };
    begin += labels.length;
    return block;
  });
  const dense = features.numeric.map(({ values }) =>
    rows === undefined ? values : taken(values, rows, new Float32Array(rows.length)),
  );
  return { rowCount: rows === undefined ? features.rowCount : rows.length, width: designWidth(features), dense, blocks };
}

/** The values of some rows, in `out`. */
function taken<Values extends Int32Array | Float32Array>(values: Values, rows: Int32Array, out: Values): Values {
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
  return out;
}

/** Adds `X w` to `out`. */
export function multiply(design: Design, weights: Float64Array, out: Float64Array): void {
  design.dense.forEach((values, j) => {
    addMultiple(values, weights[j] as number, out);
  });
  for (const { codes, begin, size } of design.blocks) addLookedUp(codes, weights.subarray(begin, begin + size), out);
}

/** Adds `X' r` to `out`. */
export function multiplyTransposed(design: Design, residuals: Float64Array, out: Float64Array): void {
  design.dense.forEach((values, j) => {
    out[j] = (out[j] as number) + dotProduct(values, residuals);
  });
  for (const { codes, begin, size } of design.blocks) addByCode(codes, residuals, out.subarray(begin, begin + size));
}

function addMultiple(values: Float32Array, factor: number, out: Float64Array): void {
  const count = values.length;
  for (let i = 0; i < count; i++) out[i] = (out[i] as number) + factor * (values[i] as number);
}

function dotProduct(values: Float32Array, residuals: Float64Array): number {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (residuals[i] as number) * (values[i] as number);
  return sum;
}

function addLookedUp(codes: Int32Array, weights: Float64Array, out: Float64Array): void {
  const count = codes.length;
  for (let i = 0; i < count; i++) {
    const code = codes[i] as number;
    if (code > 0) out[i] = (out[i] as number) + (weights[code - 1] as number);
  }
}

function addByCode(codes: Int32Array, residuals: Float64Array, out: Float64Array): void {
  const count = codes.length;
  for (let i = 0; i < count; i++) {
    const code = codes[i] as number;
    if (code > 0) out[code - 1] = (out[code - 1] as number) + (residuals[i] as number);
  }
}
