/** Input that no model can be learned from or judged by, refused before the search with what is wrong and what to do. */
import { type AutoMLSpec, MalachiteError } from '@malachite/core';
import type { Table } from '../table/table.ts';
import type { Problem } from './problem.ts';
import { cutAtFolds, meanScore, rowScore } from './row-score.ts';

/** @throws MalachiteError `InvalidInput` for texts that a model cannot be asked, or a weight that is the target. */
export function refuseTable(table: Table, { targetColumnName, weightColumnName }: AutoMLSpec): void {
  if (weightColumnName === targetColumnName) throw refusal(`"${targetColumnName}" is both the target and the weight column.`);
  for (const column of table.columns) {
    if (column.kind !== 'string') continue;
    // ONNX Runtime takes NUL as the end of a text, and texts are UTF-8 on every wire.
    const unreadable = column.dictionary.find((text) => text.includes('\0') || !text.isWellFormed());
    if (unreadable === undefined) continue;
    const what = unreadable.includes('\0') ? 'a NUL character' : 'half of a character (a lone surrogate)';
    throw refusal(
      `Column "${column.name}" holds ${what}, in ${JSON.stringify(unreadable.slice(0, 40))}, which no model can be asked. Remove it.`,
    );
  }
}

/** @throws MalachiteError `InvalidInput` when there is nothing to learn from, or the score could never be measured. */
export function refuseProblem(problem: Problem, spec: AutoMLSpec): void {
  refuseTarget(problem, spec.targetColumnName);
  refuseWeights(problem, spec.weightColumnName);
  const purposes = Object.values(problem.purposes);
  const dropped = new Set(['Hashes', 'Ignore', 'AllNan']);
  if (purposes.every(({ purpose }) => dropped.has(purpose))) {
    const why = purposes.slice(0, 5).map(({ name, reason }) => `${name}: ${reason}`);
    throw refusal(`No column is left to learn from beside the target "${spec.targetColumnName}". ${why.join(' ')}`);
  }
  refuseValidation(problem);
}

/** Steps of float32 that the target's range must span: models answer in float32. */
const fewestSteps = 100;
const [smallestFloat32, largestFloat32] = [1.2e-38, 3.4e38];

function refuseTarget({ target, targetRange }: Problem, name: string): void {
  if (target.task === 'classification') {
    if (2 * target.classes.length <= target.y.length) return;
    const meant = typeof target.classes[0] === 'number' ? ' Did you mean task regression?' : ' Is it an identifier?';
    throw refusal(
      `The target column "${name}" has ${target.classes.length} classes in ${target.y.length} rows; a class needs two rows at the very least.${meant}`,
    );
  }
  const [low, high] = targetRange as readonly [number, number];
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest >= largestFloat32)
    throw refusal(
      `The target column "${name}" reaches ${largest}; models answer in float32, which ends at ${largestFloat32}. Divide it by a constant.`,
    );
  if (largest < smallestFloat32)
    throw refusal(
      `The target column "${name}" reaches ${largest} only; models answer in float32, which begins at ${smallestFloat32}. Multiply it by a constant.`,
    );
  const step = largest * 2 ** -23;
  if (high - low < fewestSteps * step)
    throw refusal(
      `The target column "${name}" varies by ${high - low} only, around ${largest}; models answer in float32, which has steps of ${step.toPrecision(2)} there. Subtract a constant.`,
    );
}

function refuseWeights({ weights }: Problem, name: string | undefined): void {
  if (weights === undefined) return;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum > 0 && sum < largestFloat32) return;
  throw refusal(`The weights in column "${name}" sum to ${sum}; the sum must be above 0 and below ${largestFloat32}.`);
}

/** Scores a guess that says nothing: a metric that is not defined for it, such as AUC with one class held out, is defined for no model. */
function refuseValidation(problem: Problem): void {
  const { target, validation, primaryMetric } = problem;
  const rowCount = validation.folds.reduce((sum, fold) => sum + fold.validation.length, 0);
  const width = target.task === 'classification' ? target.classes.length : 1;
  const parts = cutAtFolds(problem, new Float64Array(rowCount * width).fill(1 / width));
  const scores = validation.folds.map((fold, i) => rowScore(problem, fold.validation)(parts[i] as Float64Array));
  if (Number.isFinite(meanScore(scores))) return;
  const held = new Set(validation.folds.flatMap((fold) => Array.from(fold.validation, (row) => target.y[row] as number)));
  const parted = validation.folds.length === 1 ? '' : ` in ${validation.folds.length} folds`;
  const what =
    target.task === 'classification' && held.size === 1
      ? `${rowCount} validation rows, all of class "${target.classes[[...held][0] as number]}"`
      : `${rowCount} validation rows${parted}`;
  throw refusal(
    `${primaryMetric} is not defined on ${what}. Give more rows, other validation data, or another validation: nCrossValidations 2 has the largest folds.`,
  );
}

function refusal(sentence: string): MalachiteError {
  return new MalachiteError('InvalidInput', sentence);
}
