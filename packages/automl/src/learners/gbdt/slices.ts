/** How rows and features are cut into parts that threads share. */

/** A part `from .. to`. */
export type Slice = { readonly from: number; readonly to: number };

/** Rows that are worth a task of their own. */
export const ROWS_OF_TASK = 4096;

/** `0 .. size` in at most `most` parts of about the same size, all but the last multiples of `grain`. */
export function slices(size: number, grain: number, most = Number.POSITIVE_INFINITY): Slice[] {
  const grains = Math.ceil(size / grain);
  const count = Math.max(1, Math.min(most, grains));
  const edge = (i: number) => Math.min(size, grain * Math.floor((grains * i) / count));
  return Array.from({ length: count }, (_, i) => ({ from: edge(i), to: edge(i + 1) }));
}

/** Where one more halving of the rows starts: the time to add a histogram to another is then within a few percent of that to build it. */
const HALVED_FROM = [16_384, 65_536, 262_144];

/** Most blocks. */
export const MOST_BLOCKS = 2 ** HALVED_FROM.length;

/**
 * The blocks that sums over `count` rows are taken by. The blocks' sums are then added in order: several threads can sum, and as the cut
 * depends on the number of rows only, the result is the same for any number of threads.
 */
export function blocksOf(count: number): Slice[] {
  let blocks = 1;
  for (const least of HALVED_FROM) if (count >= least) blocks *= 2;
  return slices(count, 1, blocks);
}
