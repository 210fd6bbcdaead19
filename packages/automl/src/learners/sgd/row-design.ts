/** The design matrix row by row, for learners that look at one row at a time: its numbers side by side, then which one-hot columns are set. */
import { designWidth, type FeatureMatrix } from '../../featurization/features.ts';

export type RowDesign = {
  readonly rowCount: number;
  /** Numbers and one-hot columns together. */
  readonly width: number;
  readonly numericCount: number;
  readonly blockCount: number;
  /** Row-major [rows, numericCount]. */
  readonly dense: Float32Array;
  /** Row-major [rows, blockCount]: the column that a category sets, -1 where training did not know it. */
  readonly set: Int32Array;
};

export function rowDesignOf(features: FeatureMatrix, rows: Int32Array): RowDesign {
  const { numeric, categorical } = features;
  const dense = new Float32Array(rows.length * numeric.length);
  numeric.forEach(({ values }, j) => {
    for (let i = 0; i < rows.length; i++) dense[i * numeric.length + j] = values[rows[i] as number] as number;
  });
  const set = new Int32Array(rows.length * categorical.length);
  let begin = numeric.length;
  categorical.forEach(({ codes, labels }, c) => {
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i] as number] as number;
      set[i * categorical.length + c] = code > 0 ? begin + code - 1 : -1;
    }
    begin += labels.length;
  });
  return {
    rowCount: rows.length,
    width: designWidth(features),
    numericCount: numeric.length,
    blockCount: categorical.length,
    dense,
    set,
  };
}

/** The product of row `i` and `weights`. */
export function dotRow(design: RowDesign, i: number, weights: Float64Array): number {
  const { numericCount, blockCount, dense, set } = design;
  let sum = 0;
  for (let j = 0, at = i * numericCount; j < numericCount; j++) sum += (dense[at + j] as number) * (weights[j] as number);
  for (let c = 0, at = i * blockCount; c < blockCount; c++) {
    const column = set[at + c] as number;
    if (column >= 0) sum += weights[column] as number;
  }
  return sum;
}

/** Adds `factor` times row `i` to `weights`. */
export function addRow(design: RowDesign, i: number, factor: number, weights: Float64Array): void {
  const { numericCount, blockCount, dense, set } = design;
  for (let j = 0, at = i * numericCount; j < numericCount; j++) {
    weights[j] = (weights[j] as number) + factor * (dense[at + j] as number);
  }
  for (let c = 0, at = i * blockCount; c < blockCount; c++) {
    const column = set[at + c] as number;
    if (column >= 0) weights[column] = (weights[column] as number) + factor;
  }
}
