import { describe, expect, test } from 'vitest';
import { metricNamed } from '../metrics/metric-list.ts';
import { createRandom } from '../random.ts';
import { haveRecordings, needsRecordings, recording } from '../testing/recordings.ts';
import { kFold } from '../validation/index.ts';
import { azureSelection } from './azure-selection.ts';
import { Blend, type EnsembleMember, weightedMean } from './blend.ts';
import { blendScore, type Truth } from './blend-score.ts';
import { greedySelection } from './greedy-selection.ts';

type Recorded = {
  name: string;
  task: 'classification' | 'regression';
  metric: string;
  iterations: number;
  y_valid: number[];
  model_probabilities?: number[][][];
  model_predictions?: number[][];
  model_scores: number[];
  selected: number[];
  weights: number[];
  ensemble_score: number;
};

function problemOf(recorded: Recorded): { truth: Truth; predictions: Float64Array[] } {
  if (recorded.task === 'classification') {
    const models = recorded.model_probabilities!;
    const trueClasses = Int32Array.from(recorded.y_valid);
    return {
      truth: { task: 'classification', classCount: models[0]![0]!.length, trueClasses },
      predictions: models.map((rows) => Float64Array.from(rows.flat())),
    };
  }
  return {
    truth: { task: 'regression', trueValues: Float64Array.from(recorded.y_valid) },
    predictions: recorded.model_predictions!.map((values) => Float64Array.from(values)),
  };
}

describe.skipIf(!haveRecordings)(`ensemble selection on Azure's recorded problems${needsRecordings}`, () => {
  for (const recorded of recording<Recorded[]>('engine/ensemble_selection.json')) {
    const { truth, predictions } = problemOf(recorded);
    const score = blendScore(truth, recorded.metric);
    const metric = metricNamed(recorded.task, recorded.metric)!;

    test(`${recorded.name}: Azure's rule chooses Azure's members and weights`, () => {
      const { iterations, model_scores: memberScores } = recorded;
      const members = azureSelection({ predictions, score, memberScores, metric, iterations });
      const byPlace = members.sort((a, b) => a.index - b.index);
      expect(byPlace.map(({ index }) => index)).toEqual(recorded.selected);
      for (const [i, { weight }] of byPlace.entries()) expect(weight).toBeCloseTo(recorded.weights[i]!, 12);
      const blend = weightedMean(
        byPlace.map(({ index }) => predictions[index]!),
        byPlace.map(({ weight }) => weight),
      );
      expect(Math.abs(score(blend))).toBeCloseTo(recorded.ensemble_score, 9);
    });

    test(`${recorded.name}: our own selection is never below the best member`, async () => {
      const members = await greedySelection({ predictions, score });
      const blend = weightedMean(
        members.map(({ index }) => predictions[index]!),
        members.map(({ weight }) => weight),
      );
      expect(score(blend)).toBeGreaterThanOrEqual(Math.max(...predictions.map(score)) - 1e-12);
      expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    });
  }
});

test.skipIf(!haveRecordings)(
  `on rows that neither has seen our own selection is ahead of Azure's rule more often than behind, by ten times as much${needsRecordings}`,
  async () => {
    let [ahead, behind] = [0, 0];
    const leads: number[] = [];
    for (const recorded of recording<Recorded[]>('engine/ensemble_selection.json')) {
      const lead = await leadOverAzure(recorded);
      leads.push(lead);
      if (lead > 1e-4) ahead++;
      if (lead < -1e-4) behind++;
    }
    expect(ahead).toBeGreaterThan(behind);
    const sum = (sign: number): number => leads.reduce((total, lead) => total + Math.max(0, sign * lead), 0);
    expect(sum(1)).toBeGreaterThan(10 * sum(-1));
  },
);

/** By how much our selection scores better than Azure's on halves of the rows after choosing by the others, on average of ten draws. */
async function leadOverAzure(recorded: Recorded): Promise<number> {
  const { truth, predictions } = problemOf(recorded);
  const metric = metricNamed(recorded.task, recorded.metric)!;
  const sign = metric.direction === 'maximize' ? 1 : -1;
  const rows = Int32Array.from(recorded.y_valid.keys());
  const width = predictions[0]!.length / rows.length;
  const halves = [0, 1, 2, 3, 4].flatMap((seed) =>
    kFold(rows, truth.task === 'classification' ? truth.trueClasses : undefined, 2, seed),
  );
  let lead = 0;
  for (const { train, validation } of halves) {
    const score = blendScore(truthAt(truth, train), recorded.metric);
    const chosenBy = predictions.map((prediction) => atPlaces(prediction, train, width));
    const memberScores = chosenBy.map((prediction) => sign * score(prediction));
    const { iterations } = recorded;
    const unseen = (members: readonly EnsembleMember[]): number =>
      blendScore(
        truthAt(truth, validation),
        recorded.metric,
      )(
        weightedMean(
          members.map(({ index }) => atPlaces(predictions[index]!, validation, width)),
          members.map(({ weight }) => weight),
        ),
      );
    const ours = unseen(await greedySelection({ predictions: chosenBy, score }));
    lead += (ours - unseen(azureSelection({ predictions: chosenBy, score, memberScores, metric, iterations }))) / halves.length;
  }
  return lead;
}

/** Of predictions of so many numbers a row, those of some rows. */
function atPlaces(predictions: Float64Array, rows: Int32Array, width: number): Float64Array {
  return Float64Array.from(Array.from(rows).flatMap((row) => Array.from(predictions.subarray(row * width, (row + 1) * width))));
}

function truthAt(truth: Truth, rows: Int32Array): Truth {
  return truth.task === 'classification'
    ? { ...truth, trueClasses: rows.map((row) => truth.trueClasses[row]!) }
    : { ...truth, trueValues: Float64Array.from(rows, (row) => truth.trueValues[row]!) };
}

/** Models that know a target with more or less noise. */
function noisyModels(noise: readonly number[], rows = 400): { truth: Truth; predictions: Float64Array[] } {
  const random = createRandom(5);
  const trueValues = Float64Array.from({ length: rows }, () => random.nextNormal());
  const predictions = noise.map((amount) => trueValues.map((value) => value + amount * random.nextNormal()));
  return { truth: { task: 'regression', trueValues }, predictions };
}

test('one perfect model is left alone', async () => {
  const { truth, predictions } = noisyModels([0.5, 0, 1]);
  const score = blendScore(truth, 'r2_score');
  expect(await greedySelection({ predictions, score })).toEqual([{ index: 1, weight: 1 }]);
});

test('models of equal skill and independent errors are blended, and better for it', async () => {
  const { truth, predictions } = noisyModels([0.6, 0.6, 0.6, 0.6]);
  const score = blendScore(truth, 'normalized_root_mean_squared_error');
  const members = await greedySelection({ predictions, score });
  expect(members).toHaveLength(4);
  const blend = weightedMean(
    members.map(({ index }) => predictions[index]!),
    members.map(({ weight }) => weight),
  );
  expect(score(blend)).toBeGreaterThan(0.6 * Math.max(...predictions.map(score))); // scores are below 0: errors almost halve
});

test('the limits hold: different members, picks, and being told to stop', async () => {
  const { truth, predictions } = noisyModels([0.6, 0.6, 0.6, 0.6]);
  const score = blendScore(truth, 'r2_score');
  expect(await greedySelection({ predictions, score, maxMembers: 2 })).toHaveLength(2);
  expect(await greedySelection({ predictions, score, maxPicks: 1 })).toHaveLength(1);
  expect(await greedySelection({ predictions, score, shouldStop: () => true })).toHaveLength(1);
  const limit = 4 + 2; // the four alone, and half of the second pick
  let measured = 0;
  const counted = (blend: Float64Array): number => {
    measured++;
    return score(blend);
  };
  expect(await greedySelection({ predictions, score: counted, shouldStop: () => measured >= limit })).toHaveLength(1);
  expect(measured).toBe(limit);
  expect(() => blendScore(truth, 'accuracy')).toThrow('no regression metric "accuracy"');
});

test('models beyond the best 50 are not tried in a blend', async () => {
  const { truth, predictions } = noisyModels(Array.from({ length: 60 }, (_, place) => 2 - place / 60));
  const score = blendScore(truth, 'r2_score');
  let measured = 0;
  await greedySelection({
    predictions,
    maxPicks: 2,
    score: (blend) => {
      measured++;
      return score(blend);
    },
  });
  expect(measured).toBe(60 + 50);
});

test('blends of two-class probabilities mirror each other to the last bit, and are the mean', () => {
  const random = createRandom(3);
  const predictions = Array.from({ length: 3 }, () =>
    Float64Array.from(Array.from({ length: 300 }, () => random.nextFloat()).flatMap((p) => [1 - p, p])),
  );
  const blend = new Blend(predictions);
  blend.pick(0);
  blend.pick(1);
  const mean = blend.meanWith(2).slice();
  const plain = weightedMean(predictions, [1 / 3, 1 / 3, 1 / 3]);
  for (let i = 0; i < mean.length; i++) expect(mean[i]).toBeCloseTo(plain[i]!, 14);
  for (let i = 0; i < mean.length; i += 2) expect(mean[i]).toBe(1 - mean[i + 1]!);
});
