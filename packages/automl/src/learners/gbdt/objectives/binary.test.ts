import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../random.ts';
import { binary, logisticLoss } from './binary.ts';

describe('the mean logistic loss', () => {
  const random = createRandom(1);
  const scores = Float64Array.from({ length: 2000 }, () => 10 * random.nextNormal());
  scores.set([800, -800], 0);
  const y = Int32Array.from({ length: 2000 }, () => random.nextInt(2));

  it.each([0, 1, 511, 512, 1300])('of %d rows is that of their single losses, however large the scores', (count) => {
    const rows = Int32Array.from({ length: count }, (_, i) => (i * 7) % 2000);
    const mean = rows.reduce((sum, row) => sum + logisticLoss(scores[row] as number, y[row] === 1), 0) / Math.max(1, count);
    expect(binary({ y }).loss(scores, rows)).toBeCloseTo(mean, 12);
    expect(binary({ y, weights: new Float64Array(2000).fill(3) }).loss(scores, rows)).toBeCloseTo(mean, 12);
  });
});
