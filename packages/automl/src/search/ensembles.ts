/** The last trials of a search: ensembles of the models that were found. */
import { setImmediate } from 'node:timers/promises';
import { MalachiteError, type Trial } from '@malachite/core';
import {
  type EnsembleMember,
  emitStack,
  emitTempered,
  fitTemperature,
  greedySelection,
  predictStack,
  tempered,
  weightedMean,
} from '../ensemble/index.ts';
import { describeRawColumns } from '../featurization/raw-inputs.ts';
import type { TrialRecord } from './api.ts';
import { describeTrial } from './describe.ts';
import type { Evidence } from './evidence.ts';
import { type Combine, exportEnsemble, weightedSum } from './export-ensemble.ts';
import { measure } from './measure.ts';
import type { Problem } from './problem.ts';
import { jsonFiles, prove, provedOrFailed } from './records.ts';
import { isHeldOut, type Refits } from './refits.ts';
import { standardErrorOf } from './resampled-scores.ts';
import type { Workers } from './workers.ts';

export const ensembleAlgorithms = ['VotingEnsemble', 'StackEnsemble'] as const;
export type EnsembleAlgorithm = (typeof ensembleAlgorithms)[number];

export function isEnsemble({ trial }: TrialRecord): boolean {
  return (ensembleAlgorithms as readonly string[]).includes(trial.algorithm);
}

/** Most members of an ensemble: more bring little and slow every answer. */
const mostMembers = 8;

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
  readonly evidence: Evidence;
  readonly refits: Refits;
  /** Fits the stack. */
  readonly workers: Workers;
  /** It may take so long. */
  readonly seconds: number;
  /** Aborting ends it with nothing. */
  readonly signal?: AbortSignal;
  /** Seconds since the job's search began. */
  elapsed(): number;
};

/**
 * Members chosen greedily by the evidence, their predictions averaged by weight; never below its best member there. Undefined when no
 * blend that can be proved in time beats the best model; after a hold-out that model alone, fitted once more on all rows.
 */
export async function votingTrial(input: EnsembleInput): Promise<TrialRecord | undefined> {
  const { problem, seconds, evidence, signal } = input;
  const { candidates, predictions, score } = evidence;
  const started = performance.now();
  const shouldStop = async (): Promise<boolean> => {
    // An abort is heard between the candidates.
    await setImmediate();
    return signal?.aborted === true || (performance.now() - started) / 1000 > choosingShare * seconds;
  };
  const best = await greedySelection({ predictions, score, maxMembers: mostMembers, shouldStop });
  const chosen = affordable(input, candidates, best);
  const weights = chosen.map(({ weight }) => weight);
  const joined = weightedMean(
    chosen.map(({ index }) => predictions[index] as Float64Array),
    weights,
  );
  const isAlone = isHeldOut(problem) && chosen.length === 1 && chosen[0]?.index === 0;
  // A blend that lost its slow members may have lost its lead with them.
  const isAhead = chosen.length > 1 && score(joined) > score(predictions[0] as Float64Array);
  if (!isAlone && !isAhead) return undefined;
  const temperature = temperatureOf(evidence, joined);
  const join = (parts: readonly Float64Array[]): Float64Array =>
    atTemperature(problem, weightedMean(parts, weights), temperature);
  return ensembleTrial(input, 'VotingEnsemble', started, {
    members: chosen.map(({ index }) => candidates[index] as TrialRecord),
    weights,
    combine: (graph, answers) => emitTempered(graph, weightedSum(weights)(graph, answers), temperature),
    validationPredictions: join(chosen.map(({ index }) => (candidates[index] as TrialRecord).validationPredictions)),
    join,
    parameters: temperature === 1 ? {} : { temperature },
    work: 0,
  });
}

/** Of the primary metric: what the order of rows may lose where the log loss gains. */
const mostLost = 1e-4;

/** How much surer the blend is made; 1 where that costs the primary metric. */
function temperatureOf({ truth, score }: Evidence, blend: Float64Array): number {
  const temperature = fitTemperature(truth.target, blend, truth.weights);
  return temperature < 1 && score(atTemperature(truth, blend, temperature)) < score(blend) - mostLost ? 1 : temperature;
}

function atTemperature({ target }: Pick<Problem, 'target'>, predictions: Float64Array, temperature: number): Float64Array {
  return target.task === 'regression' ? predictions : tempered(predictions, target.classes.length, temperature);
}

/**
 * A linear model over the predictions of the best model of each kind, learned from rows that none of them was fitted on and
 * judged, by folds, on rows that it did not see itself. Undefined with fewer than two kinds, too few rows to judge it, or no time.
 */
export async function stackTrial(input: EnsembleInput): Promise<TrialRecord | undefined> {
  const { problem, seconds, evidence, workers, iteration } = input;
  const { candidates, predictions, truth } = evidence;
  const started = performance.now();
  const kinds = new Map<string, number>();
  candidates.forEach(({ trial }, index) => {
    if (!kinds.has(trial.algorithm)) kinds.set(trial.algorithm, index);
  });
  const best = [...kinds.values()].slice(0, mostMembers).map((index) => ({ index, weight: 1 }));
  const chosen = affordable(input, candidates, best).map(({ index }) => index);
  if (chosen.length < 2) return undefined;
  const members = chosen.map((index) => candidates[index] as TrialRecord);
  const meta = { predictions: chosen.map((index) => predictions[index] as Float64Array), ...truth, seed: problem.seed };
  const answer = await workers.stack(iteration, meta, choosingShare * seconds);
  if ('error' in answer) throw new MalachiteError('Failed', answer.error);
  const { stack, validationPredictions, judged, work } = answer.fit;
  if (!judged) return undefined;
  return ensembleTrial(input, 'StackEnsemble', started, {
    members,
    weights: members.map(() => 1 / members.length),
    combine: (graph, answers) => emitStack(stack, graph, answers),
    validationPredictions: evidence.ofValidation(validationPredictions),
    join: (parts) => predictStack(stack, parts),
    parameters: { meta_learner: stack.algorithm, ...stack.params },
    work,
  });
}

/** The members of most weight that can be proved together in what is left of the time; their weights sum to 1. */
function affordable(
  { problem, seconds }: EnsembleInput,
  candidates: readonly TrialRecord[],
  chosen: readonly EnsembleMember[],
): EnsembleMember[] {
  const records: TrialRecord[] = [];
  const kept = chosen.filter(({ index }) => {
    const candidate = candidates[index] as TrialRecord;
    if (secondsToProve(problem, [...records, candidate]) > provingShare * seconds) return false;
    records.push(candidate);
    return true;
  });
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ index, weight }) => ({ index, weight: weight / total }));
}

/** What the proof of the members' joined model takes: its loading too, which grows with the square of its nodes. */
export function secondsToProve({ parityRows }: Problem, members: readonly TrialRecord[]): number {
  const answers = members.reduce(
    (sum, { trial, answerSeconds }) => sum + (answerSeconds ?? 1e-6 * parityRows.length * (trial.predictMicrosecondsPerRow ?? 0)),
    0,
  );
  const roots = members.reduce((sum, { loadSeconds = 0 }) => sum + Math.sqrt(loadSeconds), 0);
  return (answers + roots ** 2) / speedAlone;
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
  { problem, name, iteration, refits, seconds, elapsed, signal }: EnsembleInput,
  algorithm: EnsembleAlgorithm,
  started: number,
  { members, weights, combine, validationPredictions, join, parameters, work }: Joined,
): Promise<TrialRecord | undefined> {
  const left = seconds - (performance.now() - started) / 1000 - secondsToProve(problem, members) - joiningSeconds;
  const finals = await refits.finalModels(members, left);
  if (signal?.aborted) return undefined;
  const models = finals.map((model) => model.onnx);
  // A single model that there was no time to fit on all rows is there already.
  if (members.length === 1 && models[0] === members[0]?.onnx) return undefined;
  const parityPredictions = join(finals.map((model) => model.parityPredictions));
  const onnx = exportEnsemble(describeRawColumns(problem.features.columns), models, problem.target, combine);
  const { metrics, charts, resampledScores } = measure(problem, validationPredictions);
  const fitSeconds = (performance.now() - started) / 1000;
  const { loadSeconds, answerSeconds, ...proof } = await prove(problem, onnx, parityPredictions);
  const ensemble = members.map(({ trial }, member) => ({
    iteration: trial.iteration,
    algorithm: trial.algorithm,
    weight: weights[member] as number,
  }));
  return provedOrFailed({
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
    loadSeconds,
    answerSeconds,
    files: jsonFiles(charts),
  });
}
