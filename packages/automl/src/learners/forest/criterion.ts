/**
 * What a split of a forest's leaf is worth: by how much it lowers the squared error of numbers, or the Gini impurity of classes
 * (Breiman et al. 1984), over all rows of the leaf. Rows are moved to the left side one by one, so that every threshold of a feature
 * is looked at in one pass.
 */
export type Criterion = {
  /** Numbers that a leaf answers with. */
  readonly width: number;
  /** Takes the rows of one leaf; all of them are on the right side. */
  open(rows: Int32Array): void;
  /** Brings all rows back to the right side. */
  reset(): void;
  moveLeft(row: number): void;
  /** What is gained by the split into the two sides; 0 when one has no weight. */
  gain(): number;
  /** Whether all rows of the leaf are alike: nothing is left to gain. */
  isPure(): boolean;
  /** The gain below which nothing can be told from rounding. */
  floor(): number;
  /** Writes what the leaf answers: the mean, or the share of each class. */
  write(answers: number[], at: number): void;
  /** A number of a row by which categories can be put in order. */
  order(row: number): number;
};

/** A gain this small beside the whole is rounding. */
const ROUNDING = 1e-10;

/**
 * Numbers, and the 0/1 of two classes.
 * @param values what is predicted, by row; best brought to mean 0 and deviation 1.
 * @param weights by row; may change between leaves.
 */
export function numberCriterion(values: Float64Array, weights: Float64Array): Criterion {
  let [whole, wholeWeight, left, leftWeight] = [0, 0, 0, 0];
  let isPure = false;
  const gainOf = (sum: number, weight: number): number => (sum * sum) / weight;
  return {
    width: 1,
    open(rows) {
      [whole, wholeWeight, left, leftWeight] = [0, 0, 0, 0];
      isPure = true;
      const first = values[rows[0] as number];
      for (let i = 0; i < rows.length; i++) {
        const weight = weights[rows[i] as number] as number;
        const value = values[rows[i] as number] as number;
        whole += weight * value;
        wholeWeight += weight;
        if (value !== first) isPure = false;
      }
    },
    reset() {
      left = 0;
      leftWeight = 0;
    },
    moveLeft(row) {
      const weight = weights[row] as number;
      left += weight * (values[row] as number);
      leftWeight += weight;
    },
    gain() {
      const rightWeight = wholeWeight - leftWeight;
      if (leftWeight <= 0 || rightWeight <= 0) return 0;
      return gainOf(left, leftWeight) + gainOf(whole - left, rightWeight) - gainOf(whole, wholeWeight);
    },
    isPure: () => isPure,
    floor: () => ROUNDING * wholeWeight,
    write(answers, at) {
      answers[at] = wholeWeight > 0 ? whole / wholeWeight : 0;
    },
    order: (row) => values[row] as number,
  };
}

/**
 * Three classes and more.
 * @param classOf by row.
 * @param weights by row; may change between leaves.
 */
export function classCriterion(classOf: Int32Array, weights: Float64Array, classes: number): Criterion {
  const whole = new Float64Array(classes);
  const left = new Float64Array(classes);
  let [wholeWeight, wholeSquares, leftWeight, leftSquares, products] = [0, 0, 0, 0, 0];
  let commonest = 0;
  const reset = (): void => {
    left.fill(0);
    [leftWeight, leftSquares, products] = [0, 0, 0];
  };
  return {
    width: classes,
    open(rows) {
      whole.fill(0);
      wholeWeight = 0;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const weight = weights[row] as number;
        const k = classOf[row] as number;
        whole[k] = (whole[k] as number) + weight;
        wholeWeight += weight;
      }
      wholeSquares = 0;
      commonest = 0;
      for (let k = 0; k < classes; k++) {
        wholeSquares += (whole[k] as number) ** 2;
        if ((whole[k] as number) > (whole[commonest] as number)) commonest = k;
      }
      reset();
    },
    reset,
    moveLeft(row) {
      const weight = weights[row] as number;
      const k = classOf[row] as number;
      const before = left[k] as number;
      leftSquares += weight * (2 * before + weight);
      products += weight * (whole[k] as number);
      left[k] = before + weight;
      leftWeight += weight;
    },
    gain() {
      const rightWeight = wholeWeight - leftWeight;
      if (leftWeight <= 0 || rightWeight <= 0) return 0;
      const rightSquares = wholeSquares - 2 * products + leftSquares;
      return leftSquares / leftWeight + rightSquares / rightWeight - wholeSquares / wholeWeight;
    },
    isPure: () => whole[commonest] === wholeWeight,
    floor: () => ROUNDING * wholeWeight,
    write(answers, at) {
      for (let k = 0; k < classes; k++) answers[at + k] = wholeWeight > 0 ? (whole[k] as number) / wholeWeight : 1 / classes;
    },
    order: (row) => (classOf[row] === commonest ? 1 : 0),
  };
}
