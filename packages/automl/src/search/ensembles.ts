/** The last trials of a search: ensembles of the models that were found. */
import type { Trial } from '@malachite/core';
import { type EnsembleMember, emitStack, fitStack, greedySelection, predictStack, weightedMean } from '../ensemble/index.ts';
import { describeRawColumns } from '../featurization/raw-inputs.ts';
import type { TrialRecord } from './api.ts';
import { describeTrial } from './describe.ts';
import { type Combine, exportEnsemble, weightedSum } from './export-ensemble.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore, measure, validationScore, validationTarget } from './measure.ts';
import type { Problem } from './problem.ts';
import { jsonFiles, prove } from './records.ts';
import type { Refits } from './refits.ts';
import { standardErrorOf } from './resampled-scores.ts';

export const ensembleAlgorithms = ['VotingEnsemble', 'StackEnsemble'] as const;
export type EnsembleAlgorithm = (typeof ensembleAlgorithms)[number];

export function isEnsemble({ trial }: TrialRecord): boolean {
  return (ensembleAlgorithms as readonly string[]).includes(trial.algorithm);
}

/** Most members of an ensemble: more bring little and slow every answer. */
const mostMembers = 8;
/** Only the best are tried: trying costs a metric a model a pick, and the best of very many are the luckiest, not the most skilled. */
const mostCandidates = 40;
/** Of each algorithm: an ensemble gains by members that err elsewhere, and the best forty may all be of one kind. */
const mostOfAlgorithm = 6;

/** Of an ensemble's time: choosing its members, and proving the whole. What neither takes is for fitting them once more on all rows. */
const choosingShare = 0.2;
const provingShare = 0.4;
/** Seconds for joining the members' models into one and measuring it. */
const joiningSeconds = 0.4;

/** While trials were proved, worker threads took most of the machine; an ensemble is proved alone. */
const speedAlone = 2;

export type EnsembleInput = {
  readonly problem: Problem;
  readonly name: string;
  readonly iteration: number;
  readonly records: readonly TrialRecord[];
  readonly refits: Refits;
  /** It may take so long. */
  readonly seconds: number;
  /** Seconds since the job's search began. */
  elapsed(): number;
};

/**
 * Members chosen greedily on the validation rows, their predictions averaged by weight; never below its best member there.
 * Undefined when no blend that can be proved in time beats the best model.
 */
export async function votingTrial(input: EnsembleInput): Promise<TrialRecord | undefined> {
  const { problem, seconds } = input;
  const started = performance.now();
  const candidates = candidatesOf(input);
  const score = validationScore(problem);
  const predictions = candidates.map((record) => record.validationPredictions);
  const shouldStop = (): boolean => (performance.now() - started) / 1000 > choosingShare * seconds;
  const chosen = affordable(input, candidates, greedySelection({ predictions, score, maxMembers: mostMembers, shouldStop }));
  const members = chosen.map(({ index }) => candidates[index] as TrialRecord);
  const weights = chosen.map(({ weight }) => weight);
  const validationPredictions = weightedMean(
    members.map((member) => member.validationPredictions),
    weights,
  );
  // A blend that lost its slow members may have lost its lead with them.
  if (members.length < 2 || score(validationPredictions) <= score(predictions[0] as Float64Array)) return undefined;
  return ensembleTrial(input, 'VotingEnsemble', started, {
    members,
    weights,
    combine: weightedSum(weights),
    validationPredictions,
    join: (parts) => weightedMean(parts, weights),
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
  const best = [...kinds.values()].slice(0, mostMembers);
  const members = affordable(
    input,
    best,
    best.map((_, index) => ({ index, weight: 1 })),
  ).map(({ index }) => best[index] as TrialRecord);
  if (members.length < 2) return undefined;
  const { stack, validationPredictions, judged, work } = fitStack({
    predictions: members.map((member) => member.validationPredictions),
    ...validationTarget(problem),
    seed: problem.seed,
    shouldStop: () => (performance.now() - started) / 1000 > choosingShare * seconds,
  });
  if (!judged) return undefined;
  return ensembleTrial(input, 'StackEnsemble', started, {
    members,
    weights: members.map(() => 1 / members.length),
    combine: (graph, predictions) => emitStack(stack, graph, predictions),
    validationPredictions,
    join: (parts) => predictStack(stack, parts),
    parameters: { meta_learner: stack.algorithm, ...stack.params },
    work,
  });
}

/** Proved models, best first, without the baseline: the best few of each algorithm. */
function candidatesOf({ problem, records }: EnsembleInput): TrialRecord[] {
  const taken = new Map<string, number>();
  return leaderboard(records, betterScore(problem))
    .filter(({ onnx, trial }) => onnx && trial.parity?.withinTolerance && trial.score !== null && trial.algorithm !== 'Prior')
    .filter(({ trial: { algorithm } }) => {
      const before = taken.get(algorithm) ?? 0;
      taken.set(algorithm, before + 1);
      return before < mostOfAlgorithm;
    })
    .slice(0, mostCandidates);
}

/** The members of most weight that can be proved together in what is left of the time; their weights sum to 1. */
function affordable(
  { problem, seconds }: EnsembleInput,
  candidates: readonly TrialRecord[],
  chosen: readonly EnsembleMember[],
): EnsembleMember[] {
  let left = provingShare * seconds;
  const kept = chosen.filter(({ index }) => {
    const needed = secondsToProve(problem, candidates[index] as TrialRecord);
    if (needed > left) return false;
    left -= needed;
    return true;
  });
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ index, weight }) => ({ index, weight: weight / total }));
}

/** What a member adds to the time of a proof. */
function secondsToProve({ parityRows }: Problem, { trial }: TrialRecord): number {
  return (1e-6 * parityRows.length * (trial.predictMicrosecondsPerRow ?? 0)) / speedAlone;
}

type Joined = {
  readonly members: readonly TrialRecord[];
  readonly weights: readonly number[];
  readonly combine: Combine;
  readonly validationPredictions: Float64Array;
  /** The ensemble's predictions from its members'. */
  join(predictions: readonly Float64Array[]): Float64Array;
  readonly parameters: Trial['parameters'];
  readonly work: number;
};

async function ensembleTrial(
  { problem, name, iteration, refits, seconds, elapsed }: EnsembleInput,
  algorithm: EnsembleAlgorithm,
  started: number,
  { members, weights, combine, validationPredictions, join, parameters, work }: Joined,
): Promise<TrialRecord> {
  const proving = members.reduce((sum, member) => sum + secondsToProve(problem, member), 0);
  const left = seconds - (performance.now() - started) / 1000 - proving - joiningSeconds;
  const finals = await refits.finalModels(members, left);
  const models = finals.map((model) => model.onnx);
  const parityPredictions = join(finals.map((model) => model.parityPredictions));
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
      work: finals.reduce((sum, model) => sum + model.work, work),
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
