/**
 * Ours, not Azure's: warns of columns whose values tell validation rows from training rows. Such a split does not measure how the
 * model will do on rows like those it learned from.
 *
 * A classifier two-sample test (Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", 2017), one column at a time: the share
 * of validation rows per value or bin, learned on one half of the rows, ranks the other half.
 */

import type { Target } from '../learners/learner.ts';
import { type Column, numericColumn, stringColumn } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';
import { scoringRows, singleColumnScore } from './single-column-score.ts';
import { timeColumn } from './time-column.ts';

/** An AUC this far above one half matters … */
const relevant = 0.05;
/** … and is no chance when it is so many standard errors above: less than once in a million columns. */
const errorsAbove = 5;

export const validationDrift: GuardrailCheck = {
  type: '_validation_drift',
  friendlyType: 'Train-validation drift detection',
  learnMore: '',
  preface: 'Where validation rows differ from training rows, scores tell of the difference as much as of the model.',
  parameterNames: { column_name: 'Column name', AUC: 'AUC of telling validation rows by it', threshold: 'Chance stays below' },
  check(input: GuardrailInput): Finding | undefined {
    const { features, target, validation, seed } = input;
    const [fold] = validation.folds;
    // Folds take turns: each row is validated once and trained on otherwise.
    if (validation.folds.length !== 1 || fold === undefined) return undefined;
    const side = new Int32Array(features.rowCount);
    for (const row of fold.validation) side[row] = 1;
    const sides: Target = { task: 'classification', classes: ['training', 'validation'], y: side };
    const rows = scoringRows(features.rowCount, features.columns.length, seed);
    const threshold = 0.5 + Math.max(relevant, errorsAbove * chanceError(rows, side));
    const looked = columnsWithPurposes(input).filter(({ detected }) => detected.distinct > 1);
    const columns = looked.map(({ column, detected }) => timeColumn(column, detected, rows));
    const parameters = [...columns, targetColumn(target)].flatMap((column) => {
      const score = singleColumnScore(column, sides, rows);
      if (score === null || score <= threshold) return [];
      return [{ column_name: column.name, AUC: score.toFixed(3), threshold: threshold.toFixed(3) }];
    });
    if (parameters.length === 0) return passed('Validation rows look like training rows in every column.');
    return {
      result: 'alerted',
      description:
        'Check how the validation rows were taken. If they are later or other cases on purpose, trust their scores more than those of a random split, and leave out columns that only say which part a row is from.',
      parameters: listed(parameters),
    };
  },
};

/** The standard error of an AUC that knows nothing (Mann and Whitney 1947). */
function chanceError(rows: Int32Array, side: Int32Array): number {
  const held = rows.reduce((sum, row) => sum + (side[row] as number), 0);
  const trained = rows.length - held;
  return held === 0 || trained === 0 ? Number.POSITIVE_INFINITY : Math.sqrt((rows.length + 1) / (12 * held * trained));
}

function targetColumn(target: Target): Column {
  const name = '(the target)';
  if (target.task === 'regression') return numericColumn(name, target.y);
  return stringColumn(
    name,
    Array.from(target.y, (k) => `class ${k}`),
  );
}
