/** Which validation a table gets when the user asks for none: Azure AutoML's documented and measured rule. */

export type ValidationChoice =
  | { readonly kind: 'cross_validation'; readonly folds: number; readonly chosenBy: 'rule' | 'user' }
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
