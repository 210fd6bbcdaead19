/**
 * The order of scores from the largest to the smallest. A radix sort, because a comparator sort of a million rows takes a second
 * in JavaScript and every trial needs one sort a class.
 */

/**
 * Row numbers sorted by descending score; rows of equal score keep their order.
 *
 * @param scores n finite numbers (−0 counts as 0).
 * @returns Int32Array of length n.
 */
export function descendingOrder(scores: Float64Array): Int32Array {
  const count = scores.length;
  let order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  if (count < 256) return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);

  const words = sortableBits(scores);
  const digits = [words.low, words.high].flatMap((word) => digitShifts.map((shift) => ({ word, shift })));
  let spare = new Int32Array(count);
  for (const { word, shift } of digits) {
    const starts = new Uint32Array(digitValues + 1);
    for (let i = 0; i < count; i++) starts[((word[i]! >>> shift) & digitMask) + 1]!++;
    if (starts.includes(count)) continue; // every score has this digit
    for (let digit = 0; digit < digitValues; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < count; i++) {
      const row = order[i]!;
      const digit = (word[row]! >>> shift) & digitMask;
      spare[starts[digit]!++] = row;
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/** A word of 32 bits as digits of 11, 11 and 10 bits: counting 2,048 values stays cheap beside a few hundred rows. */
const digitShifts = [0, 11, 22];
const digitValues = 2048;
const digitMask = digitValues - 1;

/** IEEE 754 bits of each score, turned so that unsigned ascending order of the bits is descending order of the numbers. */
function sortableBits(scores: Float64Array): { high: Uint32Array; low: Uint32Array } {
  const count = scores.length;
  const normal = new Float64Array(count);
  for (let i = 0; i < count; i++) normal[i] = scores[i]! + 0; // −0 becomes 0
  const words = new Uint32Array(normal.buffer);
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const top = words[2 * i + 1]!;
    const negative = top >>> 31 === 1;
    high[i] = negative ? top : top ^ 0x7fffffff;
    low[i] = negative ? words[2 * i]! : ~words[2 * i]!;
  }
  return { high, low };
}
