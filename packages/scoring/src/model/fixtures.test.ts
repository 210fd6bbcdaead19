/** The models in `fixtures/models`, made by scikit-learn's exporter, against the answers that Python's ONNX Runtime gave. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModel } from './load-model.ts';

interface Expected {
  columns: string[];
  inputs: Record<string, { value: unknown[][] }>;
  outputs: Record<string, { type: string; value: unknown[] }>;
}

const folder = new URL('../../../../fixtures/models/', import.meta.url);
const recorded = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>;

describe.each(Object.entries(recorded))('the fixture model %s', (name, { inputs, outputs }) => {
  it('answers as Python does', async () => {
    const model = await loadModel(readFileSync(new URL(`${name}.onnx`, folder)));
    const tensors = Object.entries(inputs);
    const [[, only]] = tensors as [[string, { value: unknown[][] }]];
    const { labels, values, probabilities } = await model.score(
      tensors.length === 1
        ? { kind: 'matrix', lists: only.value }
        : { kind: 'columns', columns: new Map(tensors.map(([column, { value }]) => [column, value.flat()])) },
    );
    const [first, second] = Object.values(outputs) as [Expected['outputs'][string], Expected['outputs'][string] | undefined];
    if (values !== undefined) {
      for (const [row, value] of first.value.flat().entries()) expect(values[row]).toBeCloseTo(value as number, 2);
    } else {
      expect(labels).toEqual(first.value);
      const expected = second?.value.flatMap((row) => Object.values(row as Record<string, number>)) ?? [];
      expect(expected.length).toBe(probabilities?.data.length);
      for (const [i, value] of expected.entries())
        expect(Math.abs((probabilities?.data[i] as number) - value)).toBeLessThan(1e-6);
    }
    await model.close();
  });
});
