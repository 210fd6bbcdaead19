/** scikit-learn's `gamma='scale'` of a radial kernel: 1 / (columns * variance of all values), the one-hot columns counted in. */
import { designWidth, type FeatureMatrix } from '../../featurization/features.ts';

export function kernelScale(features: FeatureMatrix, rows: Int32Array): number {
  let [sum, squares] = [0, 0];
  for (const { values } of features.numeric) {
    for (const row of rows) {
      const value = values[row] as number;
      sum += value;
      squares += value * value;
    }
  }
  for (const { codes } of features.categorical) {
    const known = rows.reduce((count, row) => count + Number((codes[row] as number) > 0), 0);
    sum += known;
    squares += known;
  }
  const width = designWidth(features);
  const variance = squares / (width * rows.length) - (sum / (width * rows.length)) ** 2;
  return variance > 0 ? 1 / (width * variance) : 1;
}
