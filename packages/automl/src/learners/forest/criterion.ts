/**
 * What a split of a forest's leaf is worth: by how much it lowers the squared error of numbers, or the Gini impurity of classes
 * (Breiman et al. 1984), over all rows of the leaf. Rows of the open leaf are known by their places 0..n-1 in it, and what is
 * needed of them is laid side by side once a leaf: every feature of it is then searched in memory that is near.
 */
export type Criterion = {
  /** Numbers that a leaf answers with. */
  readonly width: number;
  /** Takes the rows of one leaf. */
  open(rows: Int32Array): void;
  /** Whether all rows of the leaf are alike: nothing is left to gain. */
  isPure(): boolean;
  /** The gain below which nothing can be told from rounding. */
  floor(): number;
  /**
   * The gain when the rows go left whose value is at most the threshold, with `missingLeft` those without a value too.
   * @param values by place.
   * @returns 0 when a side has fewer than `leastRows` rows, or no weight.
   */
  gainBelow(values: Float32Array, threshold: number, missingLeft: boolean, leastRows: number): number;
  /** The best place to cut an order of the leaf's rows into a front, which goes left, and a rest. */
  bestCut(order: GroupedOrder, leastRows: number): Cut | undefined;
  /** Writes what the leaf answers: the mean, or the share of each class. */
  write(answers: number[], at: number): void;
  /** A number of a row by which categories can be put in order. */
  order(place: number): number;
};

/** Places of a leaf in groups that stay together: group `g` is `places[ends[g - 1]]` to `places[ends[g] - 1]`. */
export type GroupedOrder = { readonly places: Int32Array; readonly ends: Int32Array; readonly groups: number };

/** After how many groups is cut, and what is gained by it. */
export type Cut = { readonly groups: number; readonly gain: number };

/** A gain this small beside the whole is rounding. */
const ROUNDING = 1e-10;

/**
 * Numbers, and the 0/1 of two classes.
 * @param values what is predicted, by row; best brought to mean 0 and deviation 1.
 * @param weights by row; may change between leaves.
 * @param mostRows of a leaf.
 */
export function numberCriterion(values: Float64Array, weights: Float64Array, mostRows: number): Criterion {
  const ownValues = new Float64Array(mostRows);
  const ownWeights = new Float64Array(mostRows);
  const products = new Float64Array(mostRows);
  let [count, whole, wholeWeight, isPure] = [0, 0, 0, true];

  const gainOf = (left: number, leftWeight: number): number => {
    const rightWeight = wholeWeight - leftWeight;
    if (leftWeight <= 0 || rightWeight <= 0) return 0;
    const right = whole - left;
    return (left * left) / leftWeight + (right * right) / rightWeight - (whole * whole) / wholeWeight;
  };
  return {
    width: 1,
    open(rows) {
      count = rows.length;
      let [sum, weightSum] = [0, 0];
      const first = values[rows[0] as number];
      isPure = true;
      for (let i = 0; i < count; i++) {
        const weight = weights[rows[i] as number] as number;
        const value = values[rows[i] as number] as number;
        ownValues[i] = value;
        ownWeights[i] = weight;
        products[i] = weight * value;
        sum += weight * value;
        weightSum += weight;
        if (value !== first) isPure = false;
      }
      whole = sum;
      wholeWeight = weightSum;
    },
    isPure: () => isPure,
    floor: () => ROUNDING * wholeWeight,
    gainBelow(own, threshold, missingLeft, leastRows) {
      let [left, leftWeight, onLeft] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const value = own[i] as number;
        // 0 or 1 and no branch, which would be guessed wrong every other time.
        const isLeft = missingLeft ? 1 - (Number(value > threshold) | 0) : Number(value <= threshold) | 0;
        left += isLeft * (products[i] as number);
        leftWeight += isLeft * (ownWeights[i] as number);
        onLeft += isLeft;
      }
      return onLeft < leastRows || count - onLeft < leastRows ? 0 : gainOf(left, leftWeight);
    },
    bestCut({ places, ends, groups }, leastRows) {
      let [left, leftWeight, at] = [0, 0, 0];
      let [best, bestGain] = [-1, ROUNDING * wholeWeight];
      for (let group = 0; group < groups - 1; group++) {
        const end = ends[group] as number;
        for (; at < end; at++) {
          const place = places[at] as number;
          left += products[place] as number;
          leftWeight += ownWeights[place] as number;
        }
        if (end < leastRows) continue;
        if (count - end < leastRows) break;
        const gain = gainOf(left, leftWeight);
        if (gain <= bestGain) continue;
        bestGain = gain;
        best = group;
      }
      return best < 0 ? undefined : { groups: best + 1, gain: bestGain };
    },
    write(answers, at) {
      answers[at] = wholeWeight > 0 ? whole / wholeWeight : 0;
    },
    order: (place) => ownValues[place] as number,
  };
}

/**
 * Three classes and more.
 * @param classOf by row.
 * @param weights by row; may change between leaves.
 * @param mostRows of a leaf.
 */
export function classCriterion(classOf: Int32Array, weights: Float64Array, classes: number, mostRows: number): Criterion {
  const ownClasses = new Int32Array(mostRows);
  const ownWeights = new Float64Array(mostRows);
  const whole = new Float64Array(classes);
  const left = new Float64Array(classes);
  let [count, wholeWeight, wholeSquares, commonest] = [0, 0, 0, 0];
  let [leftWeight, leftSquares, products] = [0, 0, 0];

  const clearLeft = (): void => {
    left.fill(0);
    [leftWeight, leftSquares, products] = [0, 0, 0];
  };
  const moveLeft = (place: number): void => {
    const weight = ownWeights[place] as number;
    const k = ownClasses[place] as number;
    const before = left[k] as number;
    leftSquares += weight * (2 * before + weight);
    products += weight * (whole[k] as number);
    left[k] = before + weight;
    leftWeight += weight;
  };
  const gain = (): number => {
    const rightWeight = wholeWeight - leftWeight;
    if (leftWeight <= 0 || rightWeight <= 0) return 0;
    const rightSquares = wholeSquares - 2 * products + leftSquares;
    return leftSquares / leftWeight + rightSquares / rightWeight - wholeSquares / wholeWeight;
  };
  return {
    width: classes,
    open(rows) {
      count = rows.length;
      whole.fill(0);
      wholeWeight = 0;
      for (let i = 0; i < count; i++) {
        const row = rows[i] as number;
        const weight = weights[row] as number;
        const k = classOf[row] as number;
        ownClasses[i] = k;
        ownWeights[i] = weight;
        whole[k] = (whole[k] as number) + weight;
        wholeWeight += weight;
      }
      wholeSquares = 0;
      commonest = 0;
      for (let k = 0; k < classes; k++) {
        wholeSquares += (whole[k] as number) ** 2;
        if ((whole[k] as number) > (whole[commonest] as number)) commonest = k;
      }
    },
    isPure: () => whole[commonest] === wholeWeight,
    floor: () => ROUNDING * wholeWeight,
    gainBelow(own, threshold, missingLeft, leastRows) {
      clearLeft();
      let onLeft = 0;
      for (let i = 0; i < count; i++) {
        const value = own[i] as number;
        if (value <= threshold || (missingLeft && Number.isNaN(value))) {
          moveLeft(i);
          onLeft++;
        }
      }
      return onLeft < leastRows || count - onLeft < leastRows ? 0 : gain();
    },
    bestCut({ places, ends, groups }, leastRows) {
      clearLeft();
      let at = 0;
      let [best, bestGain] = [-1, ROUNDING * wholeWeight];
      for (let group = 0; group < groups - 1; group++) {
        const end = ends[group] as number;
        for (; at < end; at++) moveLeft(places[at] as number);
        if (end < leastRows) continue;
        if (count - end < leastRows) break;
        const found = gain();
        if (found <= bestGain) continue;
        bestGain = found;
        best = group;
      }
      return best < 0 ? undefined : { groups: best + 1, gain: bestGain };
    },
    write(answers, at) {
      for (let k = 0; k < classes; k++) answers[at + k] = wholeWeight > 0 ? (whole[k] as number) / wholeWeight : 1 / classes;
    },
    order: (place) => (ownClasses[place] === commonest ? 1 : 0),
  };
}
