import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseValidation, holdOut, kFold, validationRule } from './index.ts';

const recorded = new URL('../../../../../shared/engine/guardrails.json', import.meta.url);

describe.skipIf(!existsSync(recorded))("Azure's validation rule, as recorded (needs ../shared)", () => {
  type Case = {
    task: string;
    rows: number;
    smallest_class?: number;
    settings?: object;
    result: { n_cross_validations?: number; validation_size?: number };
  };
  const all: Case[] = existsSync(recorded) ? JSON.parse(readFileSync(recorded, 'utf8')).validation_strategy : [];
  // Cases with settings of the user's are no matter for the rule.
  const cases = all.filter((one) => one.settings === undefined);
  it.each(cases.map((one) => [JSON.stringify(one), one] as const))('%s', (_, { task, rows, result, smallest_class }) => {
    const choice = validationRule(rows, task === 'classification' ? (smallest_class ?? rows) : undefined);
    const ours = choice.kind === 'cross_validation' ? { n_cross_validations: choice.folds } : { validation_size: 0.1 };
    expect(ours).toEqual(result);
  });
});

describe('splits', () => {
  const classes = Int32Array.from({ length: 32_950 }, (_, row) => (row % 9 === 0 ? 1 : 0));
  const rows = Int32Array.from(classes, (_, row) => row);
  const share = (of: Int32Array): number => of.reduce((sum, row) => sum + (classes[row] as number), 0) / of.length;

  it('holds out ceil(10 %) of the rows with every class in its proportion', () => {
    const { train, validation } = holdOut(rows, classes, 0.1, 0);
    expect(validation.length).toBe(3295);
    expect(train.length).toBe(29_655);
    expect(Math.abs(share(validation) - share(rows))).toBeLessThan(1 / 3295);
  });

  it('gives each row to the validation of exactly one fold, sizes differing by one at most', () => {
    const folds = kFold(rows, classes, 10, 3);
    const all = folds.flatMap((fold) => [...fold.validation]).sort((a, b) => a - b);
    expect(all).toEqual([...rows]);
    const sizes = folds.map((fold) => fold.validation.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    for (const { train, validation } of folds) {
      expect(train.length + validation.length).toBe(rows.length);
      expect(Math.abs(share(validation) - share(rows))).toBeLessThan(0.001);
    }
  });

  it('spreads balanced classes over every fold too', () => {
    const halves = Int32Array.from({ length: 400 }, (_, row) => row % 2);
    for (const { validation } of kFold(rows.subarray(0, 400), halves, 10, 0)) {
      expect(validation.reduce((sum, row) => sum + (halves[row] as number), 0)).toBe(20);
    }
  });

  it('draws the folds of few rows several times, of very many columns or long texts once', () => {
    const few = chooseValidation({ rowCount: 300, valuesOfRow: 20, seed: 0 });
    expect([few.folds.length, few.foldsOfRepeat]).toEqual([30, 10]);
    expect(few.reason).toContain('drawn 3 times');
    const wide = chooseValidation({ rowCount: 300, valuesOfRow: 10_000, seed: 0 });
    expect([wide.folds.length, wide.foldsOfRepeat]).toEqual([10, 10]);
    expect(wide.folds).toEqual(few.folds.slice(0, 10));
  });

  it('is the same for the same seed and another for another', () => {
    expect(holdOut(rows, classes, 0.1, 7)).toEqual(holdOut(rows, classes, 0.1, 7));
    expect(holdOut(rows, classes, 0.1, 7)).not.toEqual(holdOut(rows, classes, 0.1, 8));
  });

  it("takes the user's own rows, and refuses two wishes at once", () => {
    const { folds } = chooseValidation({ rowCount: 50, firstValidationRow: 40, seed: 0 });
    expect([folds[0]?.train.length, folds[0]?.validation[0]]).toEqual([40, 40]);
    expect(() => chooseValidation({ rowCount: 50, nCrossValidations: 3, validationDataSize: 0.2, seed: 0 })).toThrow(
      'nCrossValidations and validationDataSize are both given',
    );
  });
});
