/** The validation of a problem: the user's wish or Azure's rule, as folds of row numbers. */
import { MalachiteError } from '@malachite/core';
import { repeatsOfFolds, type ValidationChoice, validationRule } from './rule.ts';
import { type Fold, holdOut, kFold } from './splits.ts';

export type ValidationPlan = {
  readonly choice: ValidationChoice;
  /** One for a hold-out; of repeated folds all rounds, one after the other. */
  readonly folds: readonly Fold[];
  /** Folds of one round, in which each row is validated at most once. */
  readonly foldsOfRepeat: number;
  /** For people: what was chosen and why. */
  readonly reason: string;
};

export type ValidationInput = {
  readonly rowCount: number;
  /** Numbers and words of a row (`valuesOfRow`); with very many of them folds are drawn once only. Default 1. */
  readonly valuesOfRow?: number;
  /** Class index by row; undefined for regression. */
  readonly classes?: Int32Array;
  readonly nCrossValidations?: number;
  /** Share of the rows, in (0, 1). */
  readonly validationDataSize?: number;
  /** Rows from here on are the user's own validation data. */
  readonly firstValidationRow?: number;
  /** The user's own folds, `cvSplitColumnNames`: by column name, 1 for a row to learn from and 0 for one to judge by. */
  readonly splitColumns?: Readonly<Record<string, ArrayLike<number>>>;
  readonly seed: number;
};

/** @throws MalachiteError `InvalidInput` when two wishes contradict each other, or the table is too small for one. */
export function chooseValidation(input: ValidationInput): ValidationPlan {
  const { rowCount, classes, nCrossValidations, validationDataSize, firstValidationRow, splitColumns, seed } = input;
  const wishes = [
    nCrossValidations !== undefined && 'nCrossValidations',
    validationDataSize !== undefined && 'validationDataSize',
    firstValidationRow !== undefined && 'validationData',
    splitColumns !== undefined && 'cvSplitColumnNames',
  ].filter((wish) => wish !== false);
  if (wishes.length > 1) {
    throw new MalachiteError('InvalidInput', `${wishes.join(' and ')} are both given; choose one way to validate.`);
  }
  if (splitColumns !== undefined) return userFolds(splitColumns);
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  if (firstValidationRow !== undefined) {
    const fold = { train: rows.subarray(0, firstValidationRow), validation: rows.subarray(firstValidationRow) };
    if (fold.validation.length === 0) throw new MalachiteError('InvalidInput', 'The validation data has no row with a target.');
    if (fold.train.length === 0) throw new MalachiteError('InvalidInput', 'The training data has no row with a target.');
    return {
      choice: { kind: 'validation_data', chosenBy: 'user' },
      folds: [fold],
      foldsOfRepeat: 1,
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
      foldsOfRepeat: nCrossValidations,
      reason: `${nCrossValidations} folds were asked for.`,
    };
  }
  if (validationDataSize !== undefined) {
    const fold = holdOut(rows, classes, validationDataSize, seed);
    const reason = `${fold.validation.length} rows are held out, as asked (${validationDataSize} of the rows).`;
    const choice = { kind: 'train_test_split', share: validationDataSize, chosenBy: 'user' } as const;
    return { choice, folds: [fold], foldsOfRepeat: 1, reason };
  }
  const choice = validationRule(rowCount, classes && smallestCount(classes));
  if (choice.kind === 'cross_validation') {
    const repeats = choice.folds === 10 ? repeatsOfFolds(rowCount, input.valuesOfRow) : 1;
    const folds = Array.from({ length: repeats }, (_, round) => kFold(rows, classes, choice.folds, seed + 7919 * round)).flat();
    const rule = "(Azure's rule: 10 below 1,000 rows, 3 below 20,000)";
    const again = repeats > 1 ? `, drawn ${repeats} times, because few rows judge a model by luck` : '';
    return { choice, folds, foldsOfRepeat: choice.folds, reason: `${rowCount} rows: ${choice.folds} folds ${rule}${again}.` };
  }
  const fold = holdOut(rows, classes, 0.1, seed);
  const reason =
    rowCount >= 20_000
      ? `${rowCount} rows: ${fold.validation.length} are held out (Azure's rule: 10 % from 20,000 rows on).`
      : `The rarest class has fewer rows than there would be folds: ${fold.validation.length} rows are held out.`;
  return { choice, folds: [fold], foldsOfRepeat: 1, reason };
}

/** @throws MalachiteError `InvalidInput` for a value other than 0 and 1, and for a column without rows of either. */
function userFolds(columns: Readonly<Record<string, ArrayLike<number>>>): ValidationPlan {
  const folds = Object.entries(columns).map(([name, marks]): Fold => {
    const rowsMarked = (mark: number): Int32Array =>
      Int32Array.from(Array.from({ length: marks.length }, (_, row) => row).filter((row) => marks[row] === mark));
    const fold = { train: rowsMarked(1), validation: rowsMarked(0) };
    if (fold.train.length + fold.validation.length < marks.length)
      throw new MalachiteError('InvalidInput', `The split column "${name}" must hold 1 (train) or 0 (validate) in every row.`);
    if (fold.train.length === 0 || fold.validation.length === 0)
      throw new MalachiteError(
        'InvalidInput',
        `The split column "${name}" has no row to ${fold.train.length === 0 ? 'train on' : 'validate by'}.`,
      );
    return fold;
  });
  return {
    choice: { kind: 'cv_split_columns', folds: folds.length, chosenBy: 'user' },
    folds,
    foldsOfRepeat: folds.length,
    reason: `${folds.length} folds were given by the columns ${Object.keys(columns).join(', ')}.`,
  };
}

function smallestCount(classes: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of classes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.min(...counts.values());
}
