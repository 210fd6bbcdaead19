/** Why the best model answers as it does: permutation importance of its raw columns, measured on the exported model itself. */
import type { Explanation } from '@malachite/core';
import { decodeModel, embeddedSignature } from '@malachite/onnx';
import { explanationFiles, permutationImportance } from '../explanation/index.ts';
import { createRandom } from '../random.ts';
import { takeRows } from '../table/table.ts';
import type { TrialRecord } from './api.ts';
import type { Problem } from './problem.ts';
import { jsonFiles } from './records.ts';
import { rowScore } from './row-score.ts';
import { loadPredictor } from './runtime.ts';

/** Rows that are shuffled: more give steadier figures and take longer; fewer than these say little. */
const mostRows = 1000;
const fewestRows = 100;
const repeats = 5;

export type Explained = { readonly explanation: Explanation; readonly files: Record<string, Uint8Array> };

/**
 * @param seconds It may take; each column is shuffled at least once.
 * @param now Seconds of a clock.
 */
export async function explain(problem: Problem, best: TrialRecord, seconds: number, now: () => number): Promise<Explained> {
  const onnx = best.onnx as Uint8Array;
  const columns = embeddedSignature(decodeModel(onnx))?.columns.map((column) => column.name) ?? [];
  const validationRows = Int32Array.from(problem.validation.folds.flatMap((fold) => Array.from(fold.validation)));
  // One pass over the columns cannot be cut short: it takes as many rows as half of the time allows.
  const secondsPerRow = (columns.length + 1) * 1e-6 * (best.trial.predictMicrosecondsPerRow ?? 0);
  const affordable = Math.max(fewestRows, Math.min(mostRows, Math.floor((0.5 * seconds) / secondsPerRow)));
  const rows = createRandom(problem.seed).shuffle(validationRows).slice(0, affordable).sort();
  const predictor = await loadPredictor(onnx);
  const deadline = now() + seconds;
  try {
    const importances = await permutationImportance({
      table: takeRows(problem.features, rows),
      predict: predictor.predict,
      score: rowScore(problem, rows),
      columns,
      repeats,
      seed: problem.seed,
      shouldStop: () => now() > deadline,
    });
    const explanation: Explanation = {
      method: 'permutation importance',
      metric: problem.primaryMetric,
      rows: rows.length,
      features: importances.map(({ name, importance, std }) => ({ name, importance, std })),
    };
    const featureNames = problem.features.columns.map((column) => column.name);
    return { explanation, files: jsonFiles(explanationFiles({ explanation, target: problem.target, featureNames })) };
  } finally {
    await predictor.close();
  }
}
