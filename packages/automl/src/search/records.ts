/** What is kept of a trial: its row of the leaderboard, its model with the proof of equality, its predictions and files. */
import type { Trial } from '@malachite/core';
import { greedySelection, weightedMean } from '../ensemble/index.ts';
import { describeRawColumns } from '../featurization/raw-inputs.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { takeRows } from '../table/table.ts';
import type { TrialRecord } from './api.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore, measure, validationScore } from './measure.ts';
import { compareParity } from './parity.ts';
import type { Problem } from './problem.ts';
import { loadPredictor } from './runtime.ts';
import type { TrialFit } from './trial.ts';
import { exportVotingEnsemble } from './voting.ts';

/** Scores the exported model with ONNX Runtime on the parity rows and puts the record together. */
export async function finishedTrial(
  problem: Problem,
  jobName: string,
  iteration: number,
  spec: PipelineSpec,
  fit: TrialFit,
): Promise<TrialRecord> {
  const { parity, microsecondsPerRow } = await prove(problem, fit.onnx, fit.parityPredictions);
  return {
    trial: {
      name: `${jobName}_${iteration}`,
      iteration,
      status: 'Completed',
      preprocessor: spec.preprocessor,
      algorithm: spec.algorithm,
      parameters: fit.parameters,
      score: fit.metrics[problem.primaryMetric] ?? null,
      metrics: fit.metrics,
      fitSeconds: fit.fitSeconds,
      work: fit.work,
      predictMicrosecondsPerRow: microsecondsPerRow,
      onnxBytes: fit.onnx.length,
      parity,
    },
    onnx: fit.onnx,
    validationPredictions: fit.validationPredictions,
    parityPredictions: fit.parityPredictions,
    files: {
      ...jsonFiles(fit.charts),
      ...jsonFiles({
        'outputs/featurization_summary.json': fit.featurizationSummary,
        'outputs/engineered_feature_names.json': fit.engineeredFeatureNames,
      }),
    },
  };
}

export function failedTrial(jobName: string, iteration: number, spec: PipelineSpec, error: string): TrialRecord {
  const nothing = new Float64Array(0);
  return {
    trial: {
      name: `${jobName}_${iteration}`,
      iteration,
      status: 'Failed',
      preprocessor: spec.preprocessor,
      algorithm: spec.algorithm,
      parameters: spec.params,
      score: null,
      metrics: {},
      fitSeconds: 0,
      work: 0,
      predictMicrosecondsPerRow: null,
      onnxBytes: 0,
      parity: null,
      error,
    },
    onnx: undefined,
    validationPredictions: nothing,
    parityPredictions: nothing,
    files: {},
  };
}

/** Most members of an ensemble: more bring little and slow every answer. */
const mostMembers = 8;
/** Only the best are tried, as Azure does: trying costs a metric a model a pick. */
const mostCandidates = 50;

/**
 * The soft-voting ensemble of the finished trials, chosen on the validation rows; undefined when fewer than two models
 * can be joined, or when proving it would take longer than `seconds`.
 */
export async function votingTrial(
  problem: Problem,
  jobName: string,
  iteration: number,
  records: readonly TrialRecord[],
  seconds: number,
): Promise<TrialRecord | undefined> {
  const started = performance.now();
  const better = betterScore(problem);
  const candidates = leaderboard(records, better)
    .filter(({ onnx, trial }) => onnx && trial.parity?.withinTolerance && trial.score !== null && trial.algorithm !== 'Prior')
    .slice(0, mostCandidates);
  if (candidates.length < 2) return undefined;
  const chosen = greedySelection({
    predictions: candidates.map((record) => record.validationPredictions),
    score: validationScore(problem),
    maxMembers: mostMembers,
    shouldStop: () => (performance.now() - started) / 1000 > seconds / 2,
  });
  if (chosen.length < 2) return undefined;
  const secondsToProve = chosen.reduce(
    (sum, { index }) => sum + ((candidates[index] as TrialRecord).trial.predictMicrosecondsPerRow ?? 0) * 1e-6,
    0,
  );
  if (secondsToProve * problem.parityRows.length > seconds) return undefined;
  const members = chosen.map(({ index, weight }) => ({ ...(candidates[index] as TrialRecord), weight }));
  const weights = members.map((member) => member.weight);
  const onnx = exportVotingEnsemble(
    describeRawColumns(problem.features.columns),
    members.map((member) => ({ onnx: member.onnx as Uint8Array, weight: member.weight })),
    problem.target,
  );
  const validationPredictions = weightedMean(
    members.map((member) => member.validationPredictions),
    weights,
  );
  const parityPredictions = weightedMean(
    members.map((member) => member.parityPredictions),
    weights,
  );
  const { metrics, charts } = measure(problem, validationPredictions);
  const { parity, microsecondsPerRow } = await prove(problem, onnx, parityPredictions);
  return {
    trial: {
      name: `${jobName}_${iteration}`,
      iteration,
      status: 'Completed',
      preprocessor: '',
      algorithm: 'VotingEnsemble',
      parameters: {},
      score: metrics[problem.primaryMetric] ?? null,
      metrics,
      fitSeconds: (performance.now() - started) / 1000,
      work: 0,
      predictMicrosecondsPerRow: microsecondsPerRow,
      onnxBytes: onnx.length,
      parity,
      ensemble: members.map(({ trial, weight }) => ({ iteration: trial.iteration, algorithm: trial.algorithm, weight })),
    },
    onnx,
    validationPredictions,
    parityPredictions,
    files: jsonFiles(charts),
  };
}

async function prove(
  problem: Problem,
  onnx: Uint8Array,
  trained: Float64Array,
): Promise<{ parity: NonNullable<Trial['parity']>; microsecondsPerRow: number }> {
  const predictor = await loadPredictor(onnx);
  try {
    const rows = takeRows(problem.features, problem.parityRows);
    const started = performance.now();
    const exported = await predictor.predict(rows);
    const microsecondsPerRow = (1000 * (performance.now() - started)) / Math.max(1, problem.parityRows.length);
    return { parity: compareParity(problem.target, trained, exported), microsecondsPerRow };
  } finally {
    await predictor.close();
  }
}

export function jsonFiles(contents: Readonly<Record<string, unknown>>): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [path, new TextEncoder().encode(JSON.stringify(content))]),
  );
}
