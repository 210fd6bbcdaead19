/** Adam (Kingma and Ba 2015): steps as long as the gradient is steady. */
export type Adam = {
  /** Moves the parameters against the gradient, in place. */
  step(parameters: Float64Array, gradient: Float64Array): void;
};

const [FIRST, SECOND, EPSILON] = [0.9, 0.999, 1e-8];

export function createAdam(count: number, learningRate: number): Adam {
  const mean = new Float64Array(count);
  const square = new Float64Array(count);
  let steps = 0;
  return {
    step(parameters, gradient) {
      steps++;
      const rate = (learningRate * Math.sqrt(1 - SECOND ** steps)) / (1 - FIRST ** steps);
      for (let j = 0; j < parameters.length; j++) {
        const slope = gradient[j] as number;
        const m = FIRST * (mean[j] as number) + (1 - FIRST) * slope;
        const v = SECOND * (square[j] as number) + (1 - SECOND) * slope * slope;
        mean[j] = m;
        square[j] = v;
        parameters[j] = (parameters[j] as number) - (rate * m) / (Math.sqrt(v) + EPSILON);
      }
    },
  };
}
