/** Splits of a leaf by a category feature: categories in the order of their means, cut in two (Fisher 1958). */
import type { Random } from '../../random.ts';
import type { BinnedTable, CategoricalBins } from '../gbdt/binning.ts';
import type { SplitSearch } from './splits.ts';

/** Of a feature with more categories than this, those of few rows in the leaf stay on the right: their means are chance. */
const FEW_CATEGORIES = 4;
const ENOUGH_ROWS = 10;

/** The best cut, or with `random` any one. Unseen and rare categories go right. @param mostRows of a leaf. */
export function categorySplits(table: BinnedTable, mostRows: number, random: Random | undefined): SplitSearch {
  const counts = new Int32Array(257);
  const means = new Float64Array(256);
  const ownBins = new Uint8Array(mostRows);
  const order = { places: new Int32Array(mostRows), ends: new Int32Array(257), groups: 0 };
  return (feature, rows, criterion, leastRows) => {
    const { codeOfBin, binCount } = table.features[feature] as CategoricalBins;
    const bins = table.bins.subarray(feature * table.rowCount, (feature + 1) * table.rowCount);
    counts.fill(0, 0, binCount);
    means.fill(0, 0, binCount);
    for (let i = 0; i < rows.length; i++) {
      const bin = bins[rows[i] as number] as number;
      ownBins[i] = bin;
      counts[bin] = (counts[bin] as number) + 1;
      means[bin] = (means[bin] as number) + criterion.order(i);
    }
    const least = binCount - 1 > FEW_CATEGORIES ? ENOUGH_ROWS : 1;
    const able: number[] = [];
    let met = 0;
    for (let bin = 0; bin < binCount; bin++) {
      const count = counts[bin] as number;
      if (count > 0) met++;
      if (bin > 0 && count >= least) able.push(bin);
      means[bin] = (means[bin] as number) / (count + (least > 1 ? least : 0));
    }
    if (met < 2) return 'constant';
    if (able.length === 0) return undefined;
    able.sort((a, b) => (means[a] as number) - (means[b] as number) || a - b);
    const drawn = random?.nextInt(able.length);
    let begin = 0;
    order.groups = 0;
    const place = (bin: number): void => {
      const size = counts[bin] as number;
      counts[bin] = begin;
      begin += size;
    };
    for (const [i, bin] of able.entries()) {
      place(bin);
      if (drawn === undefined || drawn === i) order.ends[order.groups++] = begin;
    }
    const isAble = new Set(able);
    for (let bin = 0; bin < binCount; bin++) if (!isAble.has(bin)) place(bin);
    if (order.groups === 0 || (order.ends[order.groups - 1] as number) < rows.length) order.ends[order.groups++] = rows.length;
    for (let i = 0; i < rows.length; i++) {
      const bin = ownBins[i] as number;
      const at = counts[bin] as number;
      order.places[at] = i;
      counts[bin] = at + 1;
    }
    const cut = criterion.bestCut(order, leastRows);
    if (cut === undefined) return undefined;
    const left = able.slice(0, (drawn ?? cut.groups - 1) + 1);
    const leftCodes = Int32Array.from(left, (bin) => codeOfBin[bin] as number).sort();
    return { feature, gain: cut.gain, threshold: 0, missingLeft: false, leftCodes };
  };
}
