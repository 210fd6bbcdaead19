/** The kernels that write gradient pairs, shared out among threads. */
import type { Crew } from './crew.ts';
import { expConstants } from './exp.ts';
import { firstRow, type KernelRoom } from './kernel-room.ts';
import type { Kernels } from './kernels.ts';
import { ROWS_OF_TASK } from './slices.ts';

export function lossKernels({ floats }: KernelRoom, crew: Crew): Pick<Kernels, 'gradients' | 'softmax' | 'classGradients'> {
  const constants = floats(2 * expConstants.length);
  for (let i = 0; i < expConstants.length; i++) {
    // As typed arrays, so that the one that is bits stays what it is.
    const one = expConstants.subarray(i, i + 1);
    constants.set(one, 2 * i);
    constants.set(one, 2 * i + 1);
  }
  return {
    gradients(loss, scores, targets, weights, range, pairs) {
      const kernel = loss === 'squared' ? 'squaredGradients' : 'logisticGradients';
      crew.run(
        kernel,
        crew
          .slices(range.end - range.begin, ROWS_OF_TASK)
          .map(({ from, to }) => [
            scores.byteOffset,
            targets.byteOffset,
            weights?.byteOffset ?? 0,
            firstRow(range) + 4 * from,
            to - from,
            pairs.byteOffset,
            ...(loss === 'logistic' ? [constants.byteOffset] : []),
          ]),
      );
    },

    softmax(scores, classes, range, probabilities) {
      const count = range.end - range.begin;
      crew.run(
        'softmax',
        crew
          .slices(count, ROWS_OF_TASK)
          .map(({ from, to }) => [
            scores.byteOffset,
            classes,
            firstRow(range) + 4 * from,
            to - from,
            count,
            probabilities.byteOffset + 8 * from,
            constants.byteOffset,
          ]),
      );
    },

    classGradients(probabilities, k, classes, labels, weights, range, pairs) {
      const count = range.end - range.begin;
      crew.run(
        'classGradients',
        crew
          .slices(count, ROWS_OF_TASK)
          .map(({ from, to }) => [
            probabilities.byteOffset + 8 * (k * count + from),
            k,
            classes / (classes - 1),
            labels.byteOffset,
            weights?.byteOffset ?? 0,
            firstRow(range) + 4 * from,
            to - from,
            pairs.byteOffset,
          ]),
      );
    },
  };
}
