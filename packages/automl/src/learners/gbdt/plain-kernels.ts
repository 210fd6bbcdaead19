/** The kernels in plain TypeScript: what they mean, and what runs where WebAssembly has no room. */
import { exp } from './exp.ts';
import type { Kernels, RowRange } from './kernels.ts';
import { binsOf } from './layout.ts';
import { searchThresholds } from './numeric-splits.ts';
import { blocksOf } from './slices.ts';

export const plainKernels: Kernels = {
  bytes: (length) => new Uint8Array(length),
  ints: (length) => new Int32Array(length),
  floats: (length) => new Float64Array(length),
  singles: (length) => new Float32Array(length),

  assignBins(values, bounds, missingBin, bins) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      let bin = 0;
      for (let half = bounds.length >> 1; half > 0; half >>= 1) if (value > (bounds[bin + half - 1] as number)) bin += half;
      bins[i] = Number.isNaN(value) ? missingBin : bin;
    }
  },

  interleave(columns, rowCount, { bytes, stride }) {
    for (let begin = 0, j = 0; begin < columns.length; begin += rowCount, j++) {
      for (let row = 0; row < rowCount; row++) bytes[row * stride + j] = columns[begin + row] as number;
    }
  },

  sumPairs(pairs, range) {
    let gradient = 0;
    let hessian = 0;
    for (const { rows, begin, end } of blocksOfRange(range)) {
      let blockGradient = 0;
      let blockHessian = 0;
      for (let i = begin; i < end; i++) {
        const at = 2 * (rows[i] as number);
        blockGradient += pairs[at] as number;
        blockHessian += pairs[at + 1] as number;
      }
      gradient += blockGradient;
      hessian += blockHessian;
    }
    return [gradient, hessian];
  },

  buildHistograms(layout, features, { bytes, stride }, range, _, pairs, histogram) {
    for (const feature of features) {
      const sums = binsOf(layout, feature, histogram).fill(0);
      for (const { rows, begin, end } of blocksOfRange(range)) {
        const block = new Float64Array(sums.length);
        for (let i = begin; i < end; i++) {
          const row = rows[i] as number;
          const at = 2 * (bytes[row * stride + feature] as number);
          block[at] = (block[at] as number) + (pairs[2 * row] as number);
          block[at + 1] = (block[at + 1] as number) + (pairs[2 * row + 1] as number);
        }
        for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (block[i] as number);
      }
    }
  },

  subtractHistograms(layout, features, parent, child) {
    for (const feature of features) {
      const sums = binsOf(layout, feature, parent);
      const less = binsOf(layout, feature, child);
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) - (less[i] as number);
    }
  },

  searchThresholds,

  partition(bins, { rows, begin, end }, goesLeft, scratch) {
    let left = begin;
    let right = 0;
    for (let i = begin; i < end; i++) {
      const row = rows[i] as number;
      if (goesLeft[bins[row] as number] === 1) rows[left++] = row;
      else scratch[right++] = row;
    }
    rows.set(scratch.subarray(0, right), left);
    return left - begin;
  },

  addLeafValues(rows, { begin, count, value }, scores, stride, offset) {
    for (let leaf = 0; leaf < value.length; leaf++) {
      const end = (begin[leaf] as number) + (count[leaf] as number);
      for (let i = begin[leaf] as number; i < end; i++) {
        const at = (rows[i] as number) * stride + offset;
        scores[at] = (scores[at] as number) + (value[leaf] as number);
      }
    }
  },

  addTreeValues({ feature, left, right, goesLeft, value }, { bytes, stride: rowStride }, rows, scores, stride, offset) {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      let node = 0;
      while (node >= 0) {
        const bin = bytes[row * rowStride + (feature[node] as number)] as number;
        node = ((goesLeft[node] as Uint8Array)[bin] === 1 ? left[node] : right[node]) as number;
      }
      const at = row * stride + offset;
      scores[at] = (scores[at] as number) + (value[~node] as number);
    }
  },

  gradients(loss, scores, targets, weights, { rows, begin, end }, pairs) {
    for (let i = begin; i < end; i++) {
      const row = rows[i] as number;
      const target = targets[row] as number;
      const weight = weights === undefined ? 1 : (weights[row] as number);
      if (loss === 'squared') {
        pairs[2 * row] = ((scores[row] as number) - target) * weight;
        pairs[2 * row + 1] = weight;
      } else {
        const response = -target / (1 + exp(target * (scores[row] as number)));
        const size = Math.abs(response);
        pairs[2 * row] = response * weight;
        pairs[2 * row + 1] = size * (1 - size) * weight;
      }
    }
  },

  softmax(scores, classes, { rows, begin, end }, probabilities) {
    const count = end - begin;
    for (let i = 0; i < count; i++) {
      const first = (rows[begin + i] as number) * classes;
      let highest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < classes; k++) if (highest < (scores[first + k] as number)) highest = scores[first + k] as number;
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        const value = exp((scores[first + k] as number) - highest);
        probabilities[k * count + i] = value;
        sum += value;
      }
      for (let at = i; at < classes * count; at += count) probabilities[at] = (probabilities[at] as number) / sum;
    }
  },

  classGradients(probabilities, k, classes, labels, weights, { rows, begin, end }, pairs) {
    const factor = classes / (classes - 1);
    const count = end - begin;
    for (let i = 0; i < count; i++) {
      const row = rows[begin + i] as number;
      const probability = probabilities[k * count + i] as number;
      const weight = weights === undefined ? 1 : (weights[row] as number);
      pairs[2 * row] = (probability - (labels[row] === k ? 1 : 0)) * weight;
      pairs[2 * row + 1] = factor * probability * (1 - probability) * weight;
    }
  },

  waitForThreads: () => true,
  close() {},
};

function blocksOfRange({ rows, begin, end }: RowRange): RowRange[] {
  return blocksOf(end - begin).map(({ from, to }) => ({ rows, begin: begin + from, end: begin + to }));
}
