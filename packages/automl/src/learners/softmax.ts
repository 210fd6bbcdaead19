/** Softmax of `scores[at .. at + classes)` into the same place of `into`; without overflow. */
export function softmaxInto(scores: Float64Array, at: number, classes: number, into: Float64Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) highest = Math.max(highest, scores[at + k] as number);
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    const value = Math.exp((scores[at + k] as number) - highest);
    into[at + k] = value;
    sum += value;
  }
  for (let k = 0; k < classes; k++) into[at + k] = (into[at + k] as number) / sum;
}
