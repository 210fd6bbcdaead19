/**
 * The design matrix of a linear model without being one: numbers are dense columns, a category feature is a one-hot block of
 * which a row has at most one column set. Coefficient `j` belongs to number `j`; after the numbers come the blocks, one
 * coefficient a known category. A category that training did not know (code 0) adds nothing.
 */
import { designWidth, type FeatureMatrix } from '../../featurization/features.ts';

export type Design = {
  readonly width: number;
  readonly dense: readonly Float32Array[];
  readonly blocks: readonly { readonly codes: Int32Array; readonly begin: number; readonly size: number }[];
};

export function designOf(features: FeatureMatrix): Design {
  let begin = features.numeric.length;
  const blocks = features.categorical.map(({ codes, labels }) => {
    const block = { codes, begin, size: labels.length };
    begin += labels.length;
    return block;
  });
  return { width: designWidth(features), dense: features.numeric.map(({ values }) => values), blocks };
}

/** Adds `X w` for `rows` to `out[i]`: one sum for each row named, in that order. */
export function multiply(design: Design, rows: Int32Array, weights: Float64Array, out: Float64Array): void {
  design.dense.forEach((values, j) => {
    const weight = weights[j] as number;
    if (weight === 0) return;
    for (let i = 0; i < rows.length; i++) out[i] = (out[i] as number) + weight * (values[rows[i] as number] as number);
  });
  for (const { codes, begin } of design.blocks) {
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i] as number] as number;
      if (code > 0) out[i] = (out[i] as number) + (weights[begin + code - 1] as number);
    }
  }
}

/** Adds `X' r` to `out`, where `residuals[i]` belongs to `rows[i]`. */
export function multiplyTransposed(design: Design, rows: Int32Array, residuals: Float64Array, out: Float64Array): void {
  design.dense.forEach((values, j) => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += (residuals[i] as number) * (values[rows[i] as number] as number);
    out[j] = (out[j] as number) + sum;
  });
  for (const { codes, begin } of design.blocks) {
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i] as number] as number;
      if (code > 0) out[begin + code - 1] = (out[begin + code - 1] as number) + (residuals[i] as number);
    }
  }
}
