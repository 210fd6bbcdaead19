/** A weighted mean of models that grows one pick at a time, the same model as often as it helps. */

/** Chosen models with their weights; weights sum to 1. */
export type EnsembleMember = {
  /** Place of the model among the candidates. */
  readonly index: number;
  readonly weight: number;
};

/** What a selection needs to know. All predictions are of the same validation rows (folds laid end to end). */
export type SelectionInput = {
  /** One array a candidate: n × K class probabilities row by row, or n values. */
  readonly predictions: readonly Float64Array[];
  /** The primary metric of a blend, turned so that higher is better. */
  readonly score: (blend: Float64Array) => number;
};

/** Candidates beyond the best 50 are not looked at: Azure's limit, and the bound of what a pick costs. */
export const mostCandidates = 50;

/** How often each candidate was picked. */
export type Picks = readonly number[];

/** Weight = picks / all picks, most weight first, then by place. */
export function membersOf(picks: Picks): EnsembleMember[] {
  const total = picks.reduce((a, b) => a + b, 0);
  return picks
    .map((count, index) => ({ index, weight: count / total }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
}

/** Σ weightᵢ · predictionsᵢ, as long as one prediction. */
export function weightedMean(predictions: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const mean = new Float64Array(predictions[0]?.length ?? 0);
  for (let member = 0; member < predictions.length; member++) {
    const prediction = predictions[member]!;
    const weight = weights[member]!;
    for (let i = 0; i < mean.length; i++) mean[i]! += weight * prediction[i]!;
  }
  return mean;
}

/** The sum of the picks so far; `meanWith(i)` is what the blend would be with one more. */
export class Blend {
  readonly #predictions: readonly Float64Array[];
  readonly #sum: Float64Array;
  readonly #mean: Float64Array;
  readonly #picks: number[];
  readonly #mirrored: boolean;
  #count = 0;

  constructor(predictions: readonly Float64Array[]) {
    this.#predictions = predictions;
    this.#sum = new Float64Array(predictions[0]?.length ?? 0);
    this.#mean = new Float64Array(this.#sum.length);
    this.#picks = new Array<number>(predictions.length).fill(0);
    this.#mirrored = predictions.every(isMirrored);
  }

  get picks(): Picks {
    return this.#picks.slice();
  }

  get count(): number {
    return this.#count;
  }

  /**
   * The blend with candidate `index` picked once more. The array is reused by the next call. Probabilities of two classes mirror
   * each other to the last bit, by which AUC knows that one sort tells of both.
   */
  meanWith(index: number): Float64Array {
    const prediction = this.#predictions[index]!;
    const share = 1 / (this.#count + 1);
    if (this.#mirrored) {
      for (let i = 1; i < this.#mean.length; i += 2) {
        this.#mean[i] = (this.#sum[i]! + prediction[i]!) * share;
        this.#mean[i - 1] = 1 - this.#mean[i]!;
      }
      return this.#mean;
    }
    for (let i = 0; i < this.#mean.length; i++) this.#mean[i] = (this.#sum[i]! + prediction[i]!) * share;
    return this.#mean;
  }

  pick(index: number): void {
    const prediction = this.#predictions[index]!;
    for (let i = 0; i < this.#sum.length; i++) this.#sum[i]! += prediction[i]!;
    this.#picks[index]!++;
    this.#count++;
  }
}

/** Pairs that sum to 1 but for rounding, as the probabilities of two classes do. */
function isMirrored(prediction: Float64Array): boolean {
  if (prediction.length % 2 === 1) return false;
  for (let i = 1; i < prediction.length; i += 2) if (!(Math.abs(prediction[i - 1]! + prediction[i]! - 1) < 1e-12)) return false;
  return true;
}
