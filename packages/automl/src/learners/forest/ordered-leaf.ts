/** The rows of a leaf in the order of one number feature: few rows by their values, many by their bins, which is quicker. */
import type { NumericBins } from '../gbdt/binning.ts';
import type { GroupedOrder } from './criterion.ts';

/** Fewer rows than this are sorted one by one: every value is then a group of its own. */
const FEW_ROWS = 40;

const LOWEST_FLOAT32 = -3.4028234663852886e38;

/** Of one leaf after the other; its memory is used again. @param mostRows of a leaf. */
export function orderedLeaf(mostRows: number) {
  const places = new Int32Array(mostRows);
  const ends = new Int32Array(mostRows);
  const ownBins = new Uint8Array(mostRows);
  const ownValues = new Float32Array(mostRows);
  const counts = new Int32Array(257);
  const rotated = { places: new Int32Array(mostRows), ends: new Int32Array(mostRows), groups: 0 };
  const order = { places, ends, groups: 0 };
  let count = 0;
  let missing = 0;

  const byValue = (): void => {
    let present = 0;
    for (let i = 0; i < count; i++) {
      const value = ownValues[i] as number;
      if (Number.isNaN(value)) continue;
      let at = present++;
      for (; at > 0 && (ownValues[places[at - 1] as number] as number) > value; at--) places[at] = places[at - 1] as number;
      places[at] = i;
    }
    missing = count - present;
    if (missing > 0) for (let i = 0, at = present; i < count; i++) if (Number.isNaN(ownValues[i])) places[at++] = i;
    let groups = 0;
    for (let i = 1; i < present; i++)
      if (ownValues[places[i] as number] !== ownValues[places[i - 1] as number]) ends[groups++] = i;
    if (present > 0) ends[groups++] = present;
    if (missing > 0) ends[groups++] = count;
    order.groups = groups;
  };
  const byBin = (rows: Int32Array, bins: Uint8Array, missingBin: number): void => {
    let [low, high] = [256, -1];
    for (let i = 0; i < count; i++) {
      const bin = bins[rows[i] as number] as number;
      ownBins[i] = bin;
      counts[bin] = (counts[bin] as number) + 1;
      if (bin < low) low = bin;
      if (bin > high) high = bin;
    }
    // The bin of missing values is the last.
    missing = missingBin < 0 ? 0 : (counts[missingBin] as number);
    let [groups, begin] = [0, 0];
    for (let bin = low; bin <= high; bin++) {
      const size = counts[bin] as number;
      counts[bin] = begin;
      begin += size;
      if (size > 0) ends[groups++] = begin;
    }
    order.groups = groups;
    if (groups > 1) {
      for (let i = 0; i < count; i++) {
        const bin = ownBins[i] as number;
        const at = counts[bin] as number;
        places[at] = i;
        counts[bin] = at + 1;
      }
    }
    counts.fill(0, low, high + 1);
  };

  return {
    /** Places in ascending order of the feature, those without a value as the last group. Valid until the next leaf. */
    sort(rows: Int32Array, values: Float32Array, bins: Uint8Array, { missingBin }: NumericBins): GroupedOrder {
      count = rows.length;
      for (let i = 0; i < count; i++) ownValues[i] = values[rows[i] as number] as number;
      if (count < FEW_ROWS) byValue();
      else byBin(rows, bins, missingBin);
      return order;
    },
    /** Rows without a value. */
    missing: (): number => missing,
    /** The same order with the rows without a value as the first group. */
    missingFirst(): GroupedOrder {
      const present = count - missing;
      rotated.places.set(places.subarray(present, count));
      rotated.places.set(places.subarray(0, present), missing);
      rotated.ends[0] = missing;
      for (let group = 1; group < order.groups; group++) rotated.ends[group] = missing + (ends[group - 1] as number);
      rotated.groups = order.groups;
      return rotated;
    },
    /** The threshold that sends so many groups left: in the middle of the values beside it, as scikit-learn's. */
    thresholdAfter(groups: number): number {
      const [begin, cut] = [groups < 2 ? 0 : (ends[groups - 2] as number), ends[groups - 1] as number];
      if (cut === count - missing) return Number.POSITIVE_INFINITY;
      let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let i = begin; i < cut; i++) low = Math.max(low, ownValues[places[i] as number] as number);
      for (let i = cut; i < (ends[groups] as number); i++) high = Math.min(high, ownValues[places[i] as number] as number);
      const middle = Math.fround(low / 2 + high / 2);
      return middle > low && middle < high ? middle : Math.max(low, LOWEST_FLOAT32);
    },
  };
}
