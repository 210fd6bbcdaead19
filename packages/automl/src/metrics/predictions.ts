/** What a trial predicted on its validation rows: the one input of all metrics and charts. */

import { MalachiteError } from '@malachite/core';

/** Class probabilities on n rows. Classes are numbered 0 to K−1 in Azure's sorted order. */
export type ClassificationResult = {
  /** K, the number of classes of the training target. */
  readonly classCount: number;
  /** n true class numbers. */
  readonly trueClasses: Int32Array;
  /** n × K, row by row. The predicted class is the first of the largest. */
  readonly probabilities: Float64Array;
  /** n sample weights ≥ 0, default 1 each. */
  readonly weights?: Float64Array | undefined;
  /** The class of the metrics that end in `_binary`; default the second of two classes, and none of more. */
  readonly positiveClass?: number | undefined;
};

/** Predicted numbers on n rows. */
export type RegressionResult = {
  readonly trueValues: Float64Array;
  readonly predictions: Float64Array;
  /** n sample weights ≥ 0, default 1 each. */
  readonly weights?: Float64Array | undefined;
  /** Smallest and largest target of the whole training data, which the normalized errors are divided by; default: those of `trueValues`. */
  readonly targetRange?: readonly [number, number] | undefined;
};

/** The class of the largest probability in each row; a tie goes to the lower class. */
export function predictedClasses(probabilities: Float64Array, classCount: number): Int32Array {
  const classes = new Int32Array(probabilities.length / classCount);
  for (let row = 0, at = 0; row < classes.length; row++, at += classCount) {
    let best = 0;
    for (let k = 1; k < classCount; k++) if (probabilities[at + k]! > probabilities[at + best]!) best = k;
    classes[row] = best;
  }
  return classes;
}

/** The class that `_binary` metrics are about; undefined where nobody chose one of more than two. */
export function positiveClassOf({ classCount, positiveClass }: ClassificationResult): number | undefined {
  return positiveClass ?? (classCount === 2 ? 1 : undefined);
}

/** The classes that class-wise averages cover: those among the true ones, but always both of two. */
export function occurringClasses({ classCount, trueClasses }: ClassificationResult): number[] {
  const occurs = new Uint8Array(classCount);
  for (const k of trueClasses) occurs[k] = 1;
  const classes = Array.from(occurs.keys());
  return classCount === 2 ? classes : classes.filter((k) => occurs[k] === 1);
}

/** Throws `InvalidInput` when the arrays do not belong together, are empty or hold something that is no number. */
export function checkClassificationResult(result: ClassificationResult): void {
  const { classCount, trueClasses, probabilities, weights } = result;
  const rows = trueClasses.length;
  if (rows === 0) throw new MalachiteError('InvalidInput', 'There are no rows to measure.');
  if (classCount < 1 || probabilities.length !== rows * classCount) {
    const shape = `${rows} rows of ${classCount} classes need ${rows * classCount} probabilities`;
    throw new MalachiteError('InvalidInput', `${shape}, found ${probabilities.length}.`);
  }
  checkWeights(weights, rows);
  for (let row = 0; row < rows; row++) {
    const k = trueClasses[row]!;
    if (k < 0 || k >= classCount) throw new MalachiteError('InvalidInput', `Row ${row} has class ${k} of ${classCount}.`);
  }
  checkFinite('probability', probabilities);
}

/** Throws `InvalidInput` when the arrays do not belong together, are empty or hold something that is no number. */
export function checkRegressionResult(result: RegressionResult): void {
  const rows = result.trueValues.length;
  if (rows === 0) throw new MalachiteError('InvalidInput', 'There are no rows to measure.');
  if (result.predictions.length !== rows) {
    throw new MalachiteError('InvalidInput', `${rows} true values but ${result.predictions.length} predictions.`);
  }
  checkWeights(result.weights, rows);
  checkFinite('true value', result.trueValues);
  checkFinite('prediction', result.predictions);
}

function checkWeights(weights: Float64Array | undefined, rows: number): void {
  if (weights === undefined) return;
  if (weights.length !== rows) throw new MalachiteError('InvalidInput', `${rows} rows but ${weights.length} sample weights.`);
  let total = 0;
  for (const weight of weights) {
    if (!(weight >= 0)) throw new MalachiteError('InvalidInput', `Sample weights must be 0 or more, found ${weight}.`);
    total += weight;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) {
    throw new MalachiteError('InvalidInput', `Sample weights must have a positive finite sum, found ${total}.`);
  }
}

function checkFinite(what: string, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new MalachiteError('InvalidInput', `The ${what} at ${i} is ${values[i]}, not a number.`);
  }
}
