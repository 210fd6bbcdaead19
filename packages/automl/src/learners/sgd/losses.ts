/** Losses of one decision value `f` and a target (-1 or 1 for the classifiers), and their slopes in `f`; scikit-learn's names. */

export type Loss = {
  value(f: number, y: number): number;
  slope(f: number, y: number): number;
};

export const hinge: Loss = {
  value: (f, y) => Math.max(0, 1 - f * y),
  slope: (f, y) => (f * y < 1 ? -y : 0),
};

/** Wrong or undecided rows only (Rosenblatt 1958). */
export const perceptron: Loss = {
  value: (f, y) => Math.max(0, -f * y),
  slope: (f, y) => (f * y <= 0 ? -y : 0),
};

export const logLoss: Loss = {
  value: (f, y) => Math.max(0, -f * y) + Math.log1p(Math.exp(-Math.abs(f * y))),
  slope: (f, y) => -y / (1 + Math.exp(f * y)),
};

/** The squared hinge, linear beyond a margin of -1 so that outliers do not rule (Zhang 2004). */
export const modifiedHuber: Loss = {
  value: (f, y) => (f * y >= -1 ? Math.max(0, 1 - f * y) ** 2 : -4 * f * y),
  slope: (f, y) => (f * y >= 1 ? 0 : f * y >= -1 ? -2 * y * (1 - f * y) : -4 * y),
};

export const squaredError: Loss = {
  value: (f, y) => (f - y) ** 2 / 2,
  slope: (f, y) => f - y,
};
