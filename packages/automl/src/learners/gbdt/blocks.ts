/**
 * Sums over many rows are taken block by block and the blocks' sums then added in order: several threads can sum, and as the cut depends
 * on the number of rows only, the result is the same for any number of threads.
 */

/** Where one more halving of the rows starts: the time to add a histogram to another is then within a few percent of that to build it. */
const HALVED_FROM = [16_384, 65_536, 262_144];

/** Most blocks. */
export const MOST_BLOCKS = 2 ** HALVED_FROM.length;

/** The blocks `edges[i] .. edges[i + 1)` of `0 .. count`. */
export function blockEdges(count: number): number[] {
  const blocks = 2 ** HALVED_FROM.filter((least) => count >= least).length;
  return Array.from({ length: blocks + 1 }, (_, i) => Math.floor((count * i) / blocks));
}
