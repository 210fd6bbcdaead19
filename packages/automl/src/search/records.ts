/** What is kept of a trial: its row of the leaderboard, its model with the proof of equality, its predictions and files. */
import { asMalachiteError, type Parity } from '@malachite/core';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { takeRows } from '../table/table.ts';
import { timedAnswer } from './answer-time.ts';
import type { TrialRecord } from './api.ts';
import { describeTrial } from './describe.ts';
import { compareParity } from './parity.ts';
import type { Problem } from './problem.ts';
import { standardErrorOf } from './resampled-scores.ts';
import { loadPredictor } from './runtime.ts';
import type { TrialFit } from './trial.ts';
import type { TrialAnswer } from './worker.ts';

/**
 * The record of what a worker answered. A model that ONNX Runtime refuses is a failed trial, not the end of the search.
 * @param seconds What loading the model may take; see `loadPredictor`.
 */
export async function recordTrial(
  problem: Problem,
  jobName: string,
  spec: PipelineSpec,
  answer: TrialAnswer,
  finishedAtSeconds: number,
  seconds?: number,
): Promise<TrialRecord> {
  const { iteration } = answer;
  const made = { name: `${jobName}_${iteration}`, iteration, finishedAtSeconds, spec };
  if ('error' in answer) return failedTrial(made, answer.error);
  try {
    return provedOrFailed(await finishedTrial(problem, made, answer.fit, seconds));
  } catch (thrown) {
    return failedTrial(made, `The exported model could not be proved. ${asMalachiteError(thrown).message}`);
  }
}

type Made = {
  readonly name: string;
  readonly iteration: number;
  readonly finishedAtSeconds: number;
  readonly spec: PipelineSpec;
};

/** Scores the exported model with ONNX Runtime on the parity rows and puts the record together. */
async function finishedTrial(
  problem: Problem,
  { name, iteration, finishedAtSeconds, spec: { preprocessor, algorithm } }: Made,
  fit: TrialFit,
  seconds: number | undefined,
): Promise<TrialRecord> {
  const { loadSeconds, answerSeconds, ...proof } = await prove(problem, fit.onnx, fit.parityPredictions, {
    isFirst: iteration === 0,
    seconds,
  });
  const { parameters } = fit;
  return {
    trial: {
      name,
      iteration,
      status: 'Completed',
      preprocessor,
      algorithm,
      parameters,
      description: describeTrial({ preprocessor, algorithm, parameters }),
      score: fit.metrics[problem.primaryMetric] ?? null,
      standardError: standardErrorOf(problem, fit.resampledScores),
      metrics: fit.metrics,
      fitSeconds: fit.fitSeconds,
      finishedAtSeconds,
      work: fit.work,
      onnxBytes: fit.onnx.length,
      ...(fit.sample ? { sample: fit.sample } : {}),
      ...(fit.isCutShort ? { isCutShort: true } : {}),
      ...proof,
    },
    onnx: fit.onnx,
    resampledScores: fit.resampledScores,
    validationPredictions: fit.validationPredictions,
    parityPredictions: fit.parityPredictions,
    loadSeconds,
    answerSeconds,
    files: {
      ...jsonFiles(fit.charts),
      ...jsonFiles({
        'outputs/featurization_summary.json': fit.featurizationSummary,
        'outputs/engineered_feature_names.json': fit.engineeredFeatureNames,
      }),
    },
  };
}

/** A model that answers otherwise than it was trained is a failed trial, with its proof as the reason, and is not kept. */
export function provedOrFailed(record: TrialRecord): TrialRecord {
  const { parity } = record.trial;
  if (parity === null || parity.withinTolerance) return record;
  const { rows, maxDifference, labelFlips, tolerance } = parity;
  const error = `The exported model is not the trained one: on ${rows} rows its answers differ by up to ${maxDifference.toPrecision(2)} (tolerance ${tolerance}), and ${labelFlips} labels.`;
  const nothing = { status: 'Failed', score: null, standardError: null, metrics: {}, onnxBytes: 0 } as const;
  const { resampledScores: _, ...kept } = record;
  return { ...kept, trial: { ...record.trial, ...nothing, error }, onnx: undefined, files: {} };
}

function failedTrial({ name, iteration, finishedAtSeconds, spec }: Made, error: string): TrialRecord {
  const { preprocessor, algorithm, params: parameters } = spec;
  const nothing = new Float64Array(0);
  return {
    trial: {
      name,
      iteration,
      status: 'Failed',
      preprocessor,
      algorithm,
      parameters,
      description: describeTrial({ preprocessor, algorithm, parameters }),
      score: null,
      standardError: null,
      metrics: {},
      fitSeconds: 0,
      finishedAtSeconds,
      work: 0,
      predictMicrosecondsPerRow: null,
      predictMicrosecondsSingleRow: null,
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

export type Proof = {
  readonly parity: Parity;
  readonly predictMicrosecondsPerRow: number;
  readonly predictMicrosecondsSingleRow: number;
  readonly loadSeconds: number;
  readonly answerSeconds: number;
};

/**
 * Scores an exported model with ONNX Runtime on the parity rows, compares it with what was trained, and takes its time.
 * @param isFirst Of the search: see `answer-time.ts`.
 * @param seconds See `loadPredictor`.
 */
export async function prove(
  problem: Problem,
  onnx: Uint8Array,
  trained: Float64Array,
  { isFirst = false, seconds }: { readonly isFirst?: boolean; readonly seconds?: number | undefined } = {},
): Promise<Proof> {
  const started = performance.now();
  const predictor = await loadPredictor(onnx, seconds);
  const loadSeconds = (performance.now() - started) / 1000;
  try {
    const rows = takeRows(problem.features, problem.parityRows);
    const batch = await timedAnswer(predictor, rows, { milliseconds: 4, isFirst });
    const single = await timedAnswer(predictor, takeRows(rows, [0]), { milliseconds: 8, isFirst });
    const { values, labels } = batch.answer;
    return {
      parity: compareParity(problem.target, trained, values, labels),
      predictMicrosecondsPerRow: (1000 * batch.milliseconds) / rows.rowCount,
      predictMicrosecondsSingleRow: 1000 * single.milliseconds,
      loadSeconds,
      answerSeconds: batch.clockSeconds,
    };
  } finally {
    await predictor.close();
  }
}

export function jsonFiles(contents: Readonly<Record<string, unknown>>): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [path, new TextEncoder().encode(JSON.stringify(content))]),
  );
}
