/** The kernels that move rows to their leaves, and leaves' values to their rows, shared out among threads. */
import type { Crew } from './crew.ts';
import { firstRow, type KernelRoom } from './kernel-room.ts';
import type { Kernels } from './kernels.ts';
import { ROWS_OF_TASK, type Slice, slices } from './slices.ts';
import type { Task } from './task-board.ts';

/** Rows whose scores the near cache holds while one leaf after the other comes to them. Threads that share leaves would fetch each other's. */
const NEAR_SCORES = 32_768;

/** Integers of a node in the walk of `addTreeValues`. */
const NODE_INTS = 4;

export function rowKernels(
  { bytes, ints, floats }: KernelRoom,
  crew: Crew,
): Pick<Kernels, 'partition' | 'addLeafValues' | 'addTreeValues'> {
  const leftOfBin = bytes(256);
  let [leafBegins, leafCounts, leafValues] = [ints(256), ints(256), floats(256)];
  let [walkNodes, walkBins, walkValues] = [ints(0), bytes(0), floats(0)];
  return {
    partition(bins, range, goesLeft, scratch) {
      leftOfBin.set(goesLeft);
      const { rows, begin, end } = range;
      const parts = crew.slices(end - begin, ROWS_OF_TASK);
      const separate = ({ from, to }: Slice, left: number): Task => [
        bins.byteOffset,
        firstRow(range) + 4 * from,
        to - from,
        leftOfBin.byteOffset,
        left,
        scratch.byteOffset + 4 * from,
      ];
      if (parts.length === 1) {
        const [left = 0] = crew.run('separateRows', [separate(parts[0] as Slice, firstRow(range))]);
        rows.set(scratch.subarray(0, end - begin - left), begin + left);
        return left;
      }
      // In place the rows that go left of one part would come to lie on those of another that are still to be looked at.
      const lefts = scratch.byteOffset + 4 * (end - begin);
      const counts = crew.run(
        'separateRows',
        parts.map((part) => separate(part, lefts + 4 * part.from)),
      );
      const left = counts.reduce((sum, count) => sum + count, 0);
      let [nextLeft, nextRight] = [firstRow(range), firstRow(range) + 4 * left];
      const copies = parts.flatMap(({ from, to }, i): Task[] => {
        const goLeft = counts[i] as number;
        const goRight = to - from - goLeft;
        const tasks = [
          [lefts + 4 * from, nextLeft, goLeft],
          [scratch.byteOffset + 4 * from, nextRight, goRight],
        ];
        nextLeft += 4 * goLeft;
        nextRight += 4 * goRight;
        return tasks;
      });
      crew.run('copyRows', copies);
      return left;
    },

    addLeafValues(rows, { begin, count, value }, scores, stride, offset) {
      const leafCount = value.length;
      if (leafCount > leafValues.length)
        [leafBegins, leafCounts, leafValues] = [ints(leafCount), ints(leafCount), floats(leafCount)];
      leafBegins.set(begin);
      leafCounts.set(count);
      leafValues.set(value);
      crew.run(
        'addLeafValues',
        slices(scores.length / stride, NEAR_SCORES).map(({ from, to }) => [
          rows.byteOffset,
          leafBegins.byteOffset,
          leafCounts.byteOffset,
          leafValues.byteOffset,
          leafCount,
          from,
          to,
          scores.byteOffset,
          stride,
          offset,
        ]),
      );
    },

    addTreeValues({ feature, left, right, goesLeft, value }, rowBins, rows, scores, stride, offset) {
      if (rows.length === 0) return;
      if (feature.length > walkNodes.length / NODE_INTS) {
        [walkNodes, walkBins, walkValues] = [ints(NODE_INTS * feature.length), bytes(256 * feature.length), floats(value.length)];
      }
      for (let node = 0; node < feature.length; node++) {
        walkNodes[NODE_INTS * node] = feature[node] as number;
        walkNodes[NODE_INTS * node + 1] = right[node] as number;
        walkNodes[NODE_INTS * node + 2] = left[node] as number;
        walkBins.set(goesLeft[node] as Uint8Array, 256 * node);
      }
      walkValues.set(value);
      crew.run(
        'addTreeValues',
        crew
          .slices(rows.length, ROWS_OF_TASK)
          .map(({ from, to }) => [
            walkNodes.byteOffset,
            walkBins.byteOffset,
            walkValues.byteOffset,
            rowBins.bytes.byteOffset,
            rowBins.stride,
            rows.byteOffset + 4 * from,
            to - from,
            scores.byteOffset,
            stride,
            offset,
          ]),
      );
    },
  };
}
