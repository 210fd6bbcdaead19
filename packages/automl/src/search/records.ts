/** What is kept of a trial: its row of the leaderboard, its model with the proof of equality, its predictions and files. */
import { asMalachiteError, type Trial } from '@malachite/core';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { takeRows } from '../table/table.ts';
import type { TrialRecord } from './api.ts';
import { compareParity } from './parity.ts';
import type { Problem } from './problem.ts';
import { loadPredictor } from './runtime.ts';
import type { TrialFit } from './trial.ts';
import type { WorkerAnswer } from './worker.ts';

/** The record of what a worker answered. A model that ONNX Runtime refuses is a failed trial, not the end of the search. */
export async function recordTrial(
  problem: Problem,
  jobName: string,
  spec: PipelineSpec,
  answer: WorkerAnswer,
): Promise<TrialRecord> {
  const { iteration } = answer;
  if ('error' in answer) return failedTrial(jobName, iteration, spec, answer.error);
  try {
    return await finishedTrial(problem, jobName, iteration, spec, answer.fit);
  } catch (thrown) {
    return failedTrial(jobName, iteration, spec, `The exported model could not be proved. ${asMalachiteError(thrown).message}`);
  }
}

/** Scores the exported model with ONNX Runtime on the parity rows and puts the record together. */
async function finishedTrial(
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

function failedTrial(jobName: string, iteration: number, spec: PipelineSpec, error: string): TrialRecord {
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

/** Scores an exported model with ONNX Runtime on the parity rows and compares it with what was trained. */
export async function prove(
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
