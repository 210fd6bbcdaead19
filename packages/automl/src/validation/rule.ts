/** Which validation a table gets when the user asks for none: Azure AutoML's documented and measured rule. */

export type ValidationChoice =
  | { readonly kind: 'cross_validation'; readonly folds: number; readonly chosenBy: 'rule' | 'user' }
  | { readonly kind: 'cv_split_columns'; readonly folds: number; readonly chosenBy: 'user' }
  | { readonly kind: 'train_test_split'; readonly share: number; readonly chosenBy: 'rule' | 'user' }
  | { readonly kind: 'validation_data'; readonly chosenBy: 'user' };

/** From this many rows on, a hold-out; from `manyRows` on, three folds; below, ten. */
const holdoutRows = 20_000;
const manyRows = 1_000;
export const holdoutShare = 0.1;

/**
 * Below 1,000 rows ten folds, below 20,000 three, else 10 % held out; 10 % held out too when the smallest class has fewer
 * rows than there would be folds.
 * Source: Microsoft Learn, "Configure training, validation, cross-validation and test data in automated machine learning".
 *
 * @param smallestClass Rows of the rarest class; undefined for regression.
 */
export function validationRule(rows: number, smallestClass: number | undefined): ValidationChoice {
  if (rows >= holdoutRows) return { kind: 'train_test_split', share: holdoutShare, chosenBy: 'rule' };
  const folds = rows < manyRows ? 10 : 3;
  if (smallestClass !== undefined && smallestClass < folds)
    return { kind: 'train_test_split', share: holdoutShare, chosenBy: 'rule' };
  return { kind: 'cross_validation', folds, chosenBy: 'rule' };
}

/** Validation predictions that folds should give: with fewer, which rows happen to stand in one fold decides more than the model. */
const enoughPredictions = 1_000;
const mostRepeats = 5;

/** Values of a table up to which a fit is quick enough to be done once more for each round of folds. */
const mostValuesOfRepeats = 200_000;

/**
 * How often the folds that the rule chose are drawn anew: Azure's ten folds of a table of 200 rows judge a model by 20 rows at
 * a time; five rounds of them leave a third to a half of the noise of one (Kim 2009, "Estimating classification error rate:
 * repeated cross-validation"; Vanwinckelen and Blockeel 2012 on what it does not cure: the rows themselves stay the same). Of a table
 * with very many columns, or long texts, they are drawn once: there a few models more are worth more than less noise.
 */
export function repeatsOfFolds(rows: number, valuesOfRow = 1): number {
  if (rows * valuesOfRow > mostValuesOfRepeats) return 1;
  return Math.max(1, Math.min(mostRepeats, Math.floor(enoughPredictions / rows)));
}
