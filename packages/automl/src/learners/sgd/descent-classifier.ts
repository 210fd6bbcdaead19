/** Classes from gradient descent: one decision function a class against the rest, made into log odds by Platt's calibration where asked. */
import { calibrate, decisionCount, membership } from '../calibration/calibrate.ts';
import type { FitInput } from '../learner.ts';
import { type LinearModel, linearModel } from '../linear/linear-model.ts';
import { type DescentOptions, descend } from './descend.ts';
import { dotRow, rowDesignOf } from './row-design.ts';

/** @returns a linear model of the log odds of each class against the rest; of two classes, of the second. */
export function descentClassifier(
  input: FitInput,
  options: Omit<DescentOptions, 'seed' | 'shouldStop'> & { readonly calibrated: boolean },
): { model: LinearModel; work: number } {
  const { features, rows, weights, seed, shouldStop } = input;
  const columns = features.numeric.length + features.categorical.length;
  let visits = 0;
  const solve = (train: Int32Array) => {
    const design = rowDesignOf(features, train);
    const trainWeights = weights && Float64Array.from(train, (row) => weights[row] as number);
    return Array.from({ length: decisionCount(input) }, (_, output) => {
      const y = Float64Array.from(membership(input, train, output), (positive) => 2 * positive - 1);
      const found = descend(design, y, trainWeights, { ...options, seed, shouldStop });
      visits += train.length * columns * found.epochs;
      return found;
    });
  };
  const whole = solve(rows);
  const sigmoids = options.calibrated
    ? calibrate(input, (train, asked) => {
        const design = rowDesignOf(features, asked);
        return solve(train).map(({ coefficients, intercept }) =>
          Float64Array.from(asked, (_, i) => dotRow(design, i, coefficients) + intercept),
        );
      })
    : whole.map(() => ({ slope: 1, shift: 0 }));
  const scaled = sigmoids.map(({ slope, shift }, k) => {
    const { coefficients = new Float64Array(0), intercept = 0 } = whole[k] ?? {};
    return { intercept: slope * intercept + shift, coefficients: coefficients.map((value) => slope * value) };
  });
  const intercepts = Float64Array.from(scaled, ({ intercept }) => intercept);
  const coefficients = scaled.map((one) => one.coefficients);
  return { model: linearModel(features, intercepts, coefficients), work: visits / 1e6 };
}
