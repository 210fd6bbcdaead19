/** The validation of a problem: the user's wish or Azure's rule, as folds of row numbers. */
import { MalachiteError } from '@malachite/core';
import { type ValidationChoice, validationRule } from './rule.ts';
import { type Fold, holdOut, kFold } from './splits.ts';

export type ValidationPlan = {
  readonly choice: ValidationChoice;
  /** One for a hold-out. */
  readonly folds: readonly Fold[];
  /** For people: what was chosen and why. */
  readonly reason: string;
};

export type ValidationInput = {
  readonly rowCount: number;
  /** Class index by row; undefined for regression. */
  readonly classes?: Int32Array;
  readonly nCrossValidations?: number;
  /** Share of the rows, in (0, 1). */
  readonly validationDataSize?: number;
  /** Rows from here on are the user's own validation data. */
  readonly firstValidationRow?: number;
  readonly seed: number;
};

/** @throws MalachiteError `InvalidInput` when two wishes contradict each other, or the table is too small for one. */
export function chooseValidation(input: ValidationInput): ValidationPlan {
  const { rowCount, classes, nCrossValidations, validationDataSize, firstValidationRow, seed } = input;
  const wishes = [
    nCrossValidations !== undefined && 'nCrossValidations',
    validationDataSize !== undefined && 'validationDataSize',
    firstValidationRow !== undefined && 'validationData',
  ].filter((wish) => wish !== false);
  if (wishes.length > 1) {
    throw new MalachiteError('InvalidInput', `${wishes.join(' and ')} are both given; choose one way to validate.`);
  }
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  if (firstValidationRow !== undefined) {
    const fold = { train: rows.subarray(0, firstValidationRow), validation: rows.subarray(firstValidationRow) };
    if (fold.validation.length === 0) throw new MalachiteError('InvalidInput', 'The validation data has no row with a target.');
    if (fold.train.length === 0) throw new MalachiteError('InvalidInput', 'The training data has no row with a target.');
    return {
      choice: { kind: 'validation_data', chosenBy: 'user' },
      folds: [fold],
      reason: `${fold.validation.length} rows of validation data were given.`,
    };
  }
  if (nCrossValidations !== undefined) {
    if (nCrossValidations > rowCount) {
      throw new MalachiteError('InvalidInput', `nCrossValidations is ${nCrossValidations}, but there are only ${rowCount} rows.`);
    }
    const folds = kFold(rows, classes, nCrossValidations, seed);
    return {
      choice: { kind: 'cross_validation', folds: nCrossValidations, chosenBy: 'user' },
      folds,
      reason: `${nCrossValidations} folds were asked for.`,
    };
  }
  if (validationDataSize !== undefined) {
    const fold = holdOut(rows, classes, validationDataSize, seed);
    const reason = `${fold.validation.length} rows are held out, as asked (${validationDataSize} of the rows).`;
    return { choice: { kind: 'train_test_split', share: validationDataSize, chosenBy: 'user' }, folds: [fold], reason };
  }
  const choice = validationRule(rowCount, classes && smallestCount(classes));
  if (choice.kind === 'cross_validation') {
    const reason = `${rowCount} rows: ${choice.folds} folds (Azure's rule: 10 below 1,000 rows, 3 below 20,000).`;
    return { choice, folds: kFold(rows, classes, choice.folds, seed), reason };
  }
  const fold = holdOut(rows, classes, 0.1, seed);
  const reason =
    rowCount >= 20_000
      ? `${rowCount} rows: ${fold.validation.length} are held out (Azure's rule: 10 % from 20,000 rows on).`
      : `The rarest class has fewer rows than there would be folds: ${fold.validation.length} rows are held out.`;
  return { choice, folds: [fold], reason };
}

function smallestCount(classes: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of classes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.min(...counts.values());
}
