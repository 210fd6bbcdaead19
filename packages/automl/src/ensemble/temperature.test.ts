import { decodeModel, encodeModel, GraphBuilder } from '@malachite/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Target } from '../learners/learner.ts';
import { softmaxRows } from '../learners/probabilities.ts';
import { createRandom } from '../random.ts';
import { stackLoss } from './stack-loss.ts';
import { emitTempered, fitTemperature, tempered } from './temperature.ts';

const n = 4000;

/** Classes drawn by the very probabilities that are given. */
function calibrated(classes: number): { target: Target; predictions: Float64Array } {
  const random = createRandom(3);
  const predictions = softmaxRows(
    Float64Array.from({ length: n * classes }, () => 1.5 * random.nextNormal()),
    classes,
  );
  const y = Int32Array.from({ length: n }, (_, row) => {
    let draw = random.nextFloat();
    for (let k = 0; k < classes - 1; k++) {
      draw -= predictions[row * classes + k] as number;
      if (draw < 0) return k;
    }
    return classes - 1;
  });
  return { target: { task: 'classification', classes: Array.from({ length: classes }, (_, k) => k), y }, predictions };
}

describe.each([2, 5])('%i classes', (classes) => {
  const { target, predictions } = calibrated(classes);

  it('finds how unsure answers were made, and leaves calibrated and too sure ones as they are', () => {
    const unsure = softmaxRows(
      predictions.map((p) => Math.log(p) / 2),
      classes,
    );
    const temperature = fitTemperature(target, unsure);
    expect(temperature).toBeGreaterThan(0.45);
    expect(temperature).toBeLessThan(0.55);
    expect(stackLoss(target, tempered(unsure, classes, temperature))).toBeLessThan(1.002 * stackLoss(target, predictions));
    expect(fitTemperature(target, predictions)).toBe(1);
    const sure = softmaxRows(
      predictions.map((p) => Math.log(p) * 2),
      classes,
    );
    expect(fitTemperature(target, sure)).toBe(1);
  });

  it('counts rows by their weights', () => {
    const unsure = softmaxRows(
      predictions.map((p, i) => (i < (n * classes) / 2 ? Math.log(p) / 2 : Math.log(p))),
      classes,
    );
    const weights = (first: number, second: number) =>
      Float64Array.from({ length: n }, (_, row) => (row < n / 2 ? first : second));
    expect(fitTemperature(target, unsure, weights(1, 1e-6))).toBeLessThan(0.6);
    expect(fitTemperature(target, unsure, weights(1e-6, 1))).toBe(1);
  });

  it('answers the same exported, certain answers too', async () => {
    const given = Float64Array.from([...Array.from({ length: classes }, (_, k) => (k === 0 ? 1 : 0)), ...predictions]);
    const graph = new GraphBuilder();
    const input = graph.input('p', 'float', [null, classes]);
    graph.output(emitTempered(graph, input, 0.4), 'answer', 'float', [null, classes]);
    const model = encodeModel(graph.toModel({ graphName: 'tempered', producerName: 'test', producerVersion: '1' }));
    expect(decodeModel(model).graph?.node.length).toBeGreaterThan(2);
    const session = await InferenceSession.create(model);
    const answer = await session.run({ p: new Tensor('float32', Float32Array.from(given), [n + 1, classes]) });
    await session.release();
    const expected = tempered(given, classes, 0.4);
    const differences = Array.from(answer.answer?.data as Float32Array, (value, i) => Math.abs(value - (expected[i] as number)));
    expect(Math.max(...differences)).toBeLessThan(2e-6);
  });
});

it('has nothing to say of values', () => {
  expect(fitTemperature({ task: 'regression', y: Float64Array.of(1, 2) }, Float64Array.of(1, 2))).toBe(1);
});
