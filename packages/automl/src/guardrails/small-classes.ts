/** Ours, not Azure's: warns of classes with too few rows to be learned or measured. */

import { classCounts, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

/** With fewer rows, one row in ten at least decides what is said of the class. */
const fewestRows = 10;

export const smallClasses: GuardrailCheck = {
  type: '_small_class',
  friendlyType: 'Small class detection',
  learnMore: '',
  preface: 'What a model says of a class that it hardly saw can neither be learned nor measured.',
  parameterNames: {
    class_name: 'Class',
    rows: 'Rows',
    training_rows: 'Training rows, at least',
    validation_rows: 'Validation rows',
  },
  check({ target, validation }: GuardrailInput): Finding | undefined {
    if (target.task !== 'classification') return undefined;
    const countsOf = (rows: Int32Array) =>
      classCounts(
        rows.map((row) => target.y[row] as number),
        target.classes,
      );
    const all = classCounts(target.y, target.classes);
    const trained = validation.folds.map(({ train }) => countsOf(train));
    // Of repeated folds one round: a row is counted once.
    const held = validation.folds.slice(0, validation.foldsOfRepeat).map((fold) => countsOf(fold.validation));
    const parameters = target.classes.flatMap((label, k) => {
      const rows = all[k] as number;
      const training = Math.min(...trained.map((counts) => counts[k] as number));
      const judged = held.reduce((sum, counts) => sum + (counts[k] as number), 0);
      if (rows >= fewestRows && training > 0 && judged > 0) return [];
      return [
        { class_name: String(label), rows: String(rows), training_rows: String(training), validation_rows: String(judged) },
      ];
    });
    if (parameters.length === 0) return passed('Every class has rows to learn from and rows to be measured on.');
    return {
      result: 'alerted',
      description: 'Collect more rows of these classes, join them with others, or leave them out.',
      parameters: listed(parameters),
    };
  },
};
