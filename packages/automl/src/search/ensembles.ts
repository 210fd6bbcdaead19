/** The last trials of a search: ensembles of the models that were found. */
import type { Trial } from '@malachite/core';
import { emitStack, fitStack, greedySelection, predictStack, weightedMean } from '../ensemble/index.ts';
import { describeRawColumns } from '../featurization/raw-inputs.ts';
import type { TrialRecord } from './api.ts';
import { describeTrial } from './describe.ts';
import { type Combine, exportEnsemble, weightedSum } from './export-ensemble.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore, measure, validationScore, validationTarget } from './measure.ts';
import type { Problem } from './problem.ts';
import { jsonFiles, prove } from './records.ts';
import { standardErrorOf } from './resampled-scores.ts';

export const ensembleAlgorithms = ['VotingEnsemble', 'StackEnsemble'] as const;
export type EnsembleAlgorithm = (typeof ensembleAlgorithms)[number];

export function isEnsemble({ trial }: TrialRecord): boolean {
  return (ensembleAlgorithms as readonly string[]).includes(trial.algorithm);
}

/** Most members of an ensemble: more bring little and slow every answer. */
const mostMembers = 8;
/** Only the best are tried, as Azure does: trying costs a metric a model a pick. */
const mostCandidates = 50;

export type EnsembleInput = {
  readonly problem: Problem;
  readonly name: string;
  readonly iteration: number;
  readonly records: readonly TrialRecord[];
  /** It may take so long. */
  readonly seconds: number;
  /** Seconds since the job's search began. */
  elapsed(): number;
};

/**
 * Members chosen greedily on the validation rows, their predictions averaged by weight; never below its best member there.
 * Undefined when no blend beats the best model, or proving one would take too long.
 */
export async function votingTrial(input: EnsembleInput): Promise<TrialRecord | undefined> {
  const { problem, seconds } = input;
  const started = performance.now();
  const candidates = candidatesOf(input);
  const chosen = greedySelection({
    predictions: candidates.map((record) => record.validationPredictions),
    score: validationScore(problem),
    maxMembers: mostMembers,
    shouldStop: () => (performance.now() - started) / 1000 > seconds / 2,
  });
  const members = chosen.map(({ index }) => candidates[index] as TrialRecord);
  const weights = chosen.map(({ weight }) => weight);
  if (members.length < 2 || secondsToProve(problem, members) > seconds) return undefined;
  return ensembleTrial(input, 'VotingEnsemble', started, {
    members,
    weights,
    combine: weightedSum(weights),
    validationPredictions: weightedMean(
      members.map((member) => member.validationPredictions),
      weights,
    ),
    parityPredictions: weightedMean(
      members.map((member) => member.parityPredictions),
      weights,
    ),
    parameters: {},
    work: 0,
  });
}

/**
 * A linear model over the predictions of the best model of each kind, learned from rows that none of them was fitted on and
 * judged, by folds, on rows that it did not see itself. Undefined with fewer than two kinds, too few rows to judge it, or no time.
 */
export async function stackTrial(input: EnsembleInput): Promise<TrialRecord | undefined> {
  const { problem, seconds } = input;
  const started = performance.now();
  const kinds = new Map<string, TrialRecord>();
  for (const record of candidatesOf(input)) if (!kinds.has(record.trial.algorithm)) kinds.set(record.trial.algorithm, record);
  const members = [...kinds.values()].slice(0, mostMembers);
  if (members.length < 2 || secondsToProve(problem, members) > seconds) return undefined;
  const { stack, validationPredictions, judged, work } = fitStack({
    predictions: members.map((member) => member.validationPredictions),
    ...validationTarget(problem),
    seed: problem.seed,
    shouldStop: () => (performance.now() - started) / 1000 > seconds / 2,
  });
  if (!judged) return undefined;
  return ensembleTrial(input, 'StackEnsemble', started, {
    members,
    weights: members.map(() => 1 / members.length),
    combine: (graph, predictions) => emitStack(stack, graph, predictions),
    validationPredictions,
    parityPredictions: predictStack(
      stack,
      members.map((member) => member.parityPredictions),
    ),
    parameters: { meta_learner: stack.algorithm, ...stack.params },
    work,
  });
}

/** Proved models, best first, without the baseline. */
function candidatesOf({ problem, records }: EnsembleInput): TrialRecord[] {
  return leaderboard(records, betterScore(problem))
    .filter(({ onnx, trial }) => onnx && trial.parity?.withinTolerance && trial.score !== null && trial.algorithm !== 'Prior')
    .slice(0, mostCandidates);
}

function secondsToProve({ parityRows }: Problem, members: readonly TrialRecord[]): number {
  return parityRows.length * 1e-6 * members.reduce((sum, { trial }) => sum + (trial.predictMicrosecondsPerRow ?? 0), 0);
}

type Joined = {
  readonly members: readonly TrialRecord[];
  readonly weights: readonly number[];
  readonly combine: Combine;
  readonly validationPredictions: Float64Array;
  readonly parityPredictions: Float64Array;
  readonly parameters: Trial['parameters'];
  readonly work: number;
};

async function ensembleTrial(
  { problem, name, iteration, elapsed }: EnsembleInput,
  algorithm: EnsembleAlgorithm,
  started: number,
  { members, weights, combine, validationPredictions, parityPredictions, parameters, work }: Joined,
): Promise<TrialRecord> {
  const models = members.map((member) => member.onnx as Uint8Array);
  const onnx = exportEnsemble(describeRawColumns(problem.features.columns), models, problem.target, combine);
  const { metrics, charts, resampledScores } = measure(problem, validationPredictions);
  const fitSeconds = (performance.now() - started) / 1000;
  const proof = await prove(problem, onnx, parityPredictions);
  const ensemble = members.map(({ trial }, member) => ({
    iteration: trial.iteration,
    algorithm: trial.algorithm,
    weight: weights[member] as number,
  }));
  return {
    trial: {
      name,
      iteration,
      status: 'Completed',
      preprocessor: '',
      algorithm,
      parameters,
      description: describeTrial({ preprocessor: '', algorithm, parameters, ensemble }),
      score: metrics[problem.primaryMetric] ?? null,
      standardError: standardErrorOf(problem, resampledScores),
      metrics,
      fitSeconds,
      finishedAtSeconds: elapsed(),
      work,
      onnxBytes: onnx.length,
      ...proof,
      ensemble,
    },
    onnx,
    resampledScores,
    validationPredictions,
    parityPredictions,
    files: jsonFiles(charts),
  };
}
