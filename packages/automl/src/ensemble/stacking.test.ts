import { decodeModel, encodeModel, GraphBuilder } from '@malachite/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Target } from '../learners/learner.ts';
import { createRandom } from '../random.ts';
import { stackLoss } from './stack-loss.ts';
import { emitStack, fitStack, predictStack, type Stack } from './stacking.ts';

const n = 600;

/** Members that know the target with more or less noise; probabilities for `classes` > 1, else values around a million. */
function problem(
  classes: number,
  noise: readonly number[],
  seed = 5,
  rowCount = n,
): { target: Target; predictions: Float64Array[] } {
  const random = createRandom(seed);
  if (classes === 1) {
    const y = Float64Array.from({ length: rowCount }, () => 1e6 + 1e4 * random.nextNormal());
    return { target: { task: 'regression', y }, predictions: noise.map((s) => y.map((v) => v + 1e4 * s * random.nextNormal())) };
  }
  const y = Int32Array.from({ length: rowCount }, () => random.nextInt(classes));
  const predictions = noise.map((s) => {
    const shares = Float64Array.from({ length: rowCount * classes }, (_, i) =>
      Math.exp((y[Math.floor(i / classes)] === i % classes ? 1.5 : 0) + s * random.nextNormal()),
    );
    for (let row = 0; row < rowCount; row++) {
      const mine = shares.subarray(row * classes, (row + 1) * classes);
      const total = mine.reduce((sum, share) => sum + share, 0);
      mine.set(mine.map((share) => share / total));
    }
    return shares;
  });
  return { target: { task: 'classification', classes: Array.from({ length: classes }, (_, k) => k), y }, predictions };
}

/** What ONNX Runtime answers for members' predictions fed straight into the stack, inside another model as an ensemble has it. */
async function exported(stack: Stack, predictions: readonly Float64Array[]): Promise<Float64Array> {
  const inner = new GraphBuilder();
  const names = predictions.map((_, i) => inner.input(`p${i}`, 'float', [null, stack.outputs]));
  inner.output(emitStack(stack, inner, names), 'answer', 'float', [null, stack.outputs]);
  const identity = { producerName: 'test', producerVersion: '1' };
  const part = decodeModel(encodeModel(inner.toModel({ graphName: 'stack', ...identity })));
  const graph = new GraphBuilder();
  const wiring = new Map(names.map((name) => [name, graph.input(`in_${name}`, 'float', [null, stack.outputs])]));
  graph.output(graph.include(part, 'stack_', wiring).get('answer') as string, 'answer', 'float', [null, stack.outputs]);
  const session = await InferenceSession.create(encodeModel(graph.toModel({ graphName: 'whole', ...identity })));
  const feeds = predictions.map((values, i) => [
    `in_p${i}`,
    new Tensor('float32', Float32Array.from(values), [values.length / stack.outputs, stack.outputs]),
  ]);
  const answer = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Float64Array.from(answer.answer?.data as Float32Array);
}

describe.each([
  ['two classes', 2],
  ['four classes', 4],
  ['values', 1],
])('a stack over %s', (_, classes) => {
  const { target, predictions } = problem(classes, [1.5, 1.5, 3]);
  const { stack, validationPredictions, judged } = fitStack({ predictions, target, seed: 1 });

  it('is better than each of its members on rows that nobody saw', () => {
    const later = problem(classes, [1.5, 1.5, 3], 77);
    const loss = stackLoss(later.target, predictStack(stack, later.predictions));
    for (const alone of later.predictions) expect(loss).toBeLessThan(stackLoss(later.target, alone));
    expect(judged).toBe(true);
    // Its own estimate is of unseen rows: no rosier than what the unseen rows then say, but for chance.
    expect(stackLoss(target, validationPredictions) / loss).toBeGreaterThan(0.85);
  });

  it('answers in ONNX Runtime what it answers here', async () => {
    const mine = predictStack(stack, predictions);
    const theirs = await exported(stack, predictions);
    expect(theirs).toHaveLength(mine.length);
    const differences = mine.map((value, i) => Math.abs(value - (theirs[i] as number)) / Math.max(1, Math.abs(value)));
    expect(Math.max(...differences)).toBeLessThan(1e-6);
  });

  it('has no more than chance to say where the members know nothing', () => {
    const { target: other } = problem(classes, [], 6);
    const noise = fitStack({ predictions, target: other, seed: 1 });
    const constant = problem(classes, [], 6).target;
    const prior =
      constant.task === 'regression'
        ? constant.y.map((_value, _row, all) => all.reduce((sum, value) => sum + value, 0) / n)
        : new Float64Array(n * classes).fill(1 / classes);
    expect(stackLoss(other, noise.validationPredictions)).toBeGreaterThan(0.97 * stackLoss(other, prior));
  });
});

describe('fitStack', () => {
  it('judges no row by a meta learner that saw it: a row whose truth changes keeps its prediction', () => {
    const { target, predictions } = problem(1, [0.5, 0.7]);
    const before = fitStack({ predictions, target, seed: 2 });
    const y = Float64Array.from(target.y);
    y[7] = (y[7] as number) * 1.00001;
    const after = fitStack({ predictions, target: { task: 'regression', y }, seed: 2 });
    expect(after.stack.params).toEqual(before.stack.params);
    const moved = (row: number) =>
      Math.abs((after.validationPredictions[row] as number) - (before.validationPredictions[row] as number));
    const others = Array.from({ length: n }, (_, row) => row).filter((row) => row !== 7);
    expect(moved(7)).toBeLessThan(0.02 * Math.max(...others.map(moved)) + 1e-3);
  });

  it('does without cross-validation where a class has fewer than five rows, and says so', () => {
    const { target, predictions } = problem(2, [1], 5, 12);
    const y = Int32Array.from({ length: 12 }, (_, row) => Number(row < 4));
    const few = fitStack({ predictions, target: { ...target, y } as Target, seed: 1 });
    expect(few.judged).toBe(false);
    expect(few.stack.params).toEqual({ C: 1 });
  });

  it('follows the weights, and ends when told to', () => {
    const { target, predictions } = problem(1, [0.3, 0.3]);
    // Rows of weight 0 hold nonsense.
    const weights = Float64Array.from({ length: n }, (_, row) => row % 2);
    const y = Float64Array.from(target.y, (value, row) => (row % 2 ? value : 2e6 - value));
    const weighted = fitStack({ predictions, target: { task: 'regression', y }, weights, seed: 1 });
    const plain = fitStack({ predictions, target: { task: 'regression', y }, seed: 1 });
    expect(stackLoss(target, predictStack(weighted.stack, predictions))).toBeLessThan(
      0.2 * stackLoss(target, predictStack(plain.stack, predictions)),
    );
    const none = fitStack({ predictions, target, seed: 1, shouldStop: () => true });
    expect([none.judged, none.stack.params]).toEqual([false, { alpha: 1e-3, l1_ratio: 0.5 }]);
    const stopped = (most: number) => {
      let asked = 0;
      return fitStack({ predictions, target, seed: 1, shouldStop: () => ++asked > most });
    };
    // Fits ask too: the first penalty is judged once all its folds had the time.
    const first = Array.from({ length: 200 }, (_, i) => stopped(7 + 5 * i)).find(({ judged }) => judged);
    expect(first?.stack.params).toEqual({ alpha: 0.1, l1_ratio: 0.5 });
  });

  it('refuses members that do not fit together', () => {
    const { target, predictions } = problem(2, [1]);
    expect(() => fitStack({ predictions: [], target, seed: 1 })).toThrow(/0 members/);
    expect(() => fitStack({ predictions: [...predictions, new Float64Array(5)], target, seed: 1 })).toThrow(/Member 1 has 5/);
  });
});
