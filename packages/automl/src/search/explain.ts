/** Why the best model answers as it does: permutation importance of its raw columns, measured on the exported model itself. */
import { type Explanation, MalachiteError } from '@malachite/core';
import { decodeModel, embeddedSignature } from '@malachite/onnx';
import { explanationFiles, permutationImportance } from '../explanation/index.ts';
import { singleColumnScore } from '../guardrails/single-column-score.ts';
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
const fewestColumns = 10;
const repeats = 5;
/** Answers that are asked for: a table of many columns is looked at by fewer rows, then by fewer columns. Half a minute of a slow model. */
const mostAnswers = 200_000;

export type Explained = { readonly explanation: Explanation; readonly files: Record<string, Uint8Array> };

export type ExplainOptions = {
  /**
   * It may take so long; without end what is measured is the same on any machine. Each column is shuffled at least once; of a table so
   * wide that this takes longer, the columns that say most on their own.
   */
  readonly seconds: number;
  /** Seconds of a clock. */
  now(): number;
  readonly signal?: AbortSignal;
};

/** What the least explanation takes that tells anything: the model is loaded, and a few columns are shuffled. */
export function secondsToExplain({ trial, loadSeconds = 0 }: TrialRecord): number {
  if (trial.algorithm === 'Prior') return 0;
  return loadSeconds + (fewestColumns + 2) * fewestRows * 1e-6 * (trial.predictMicrosecondsPerRow ?? 0);
}

/** What it takes to shuffle every column once, of a model that joins these. */
export function secondsToShuffle({ features }: Problem, members: readonly TrialRecord[]): number {
  const perRow = members.reduce((sum, { trial }) => sum + (trial.predictMicrosecondsPerRow ?? 0), 0);
  return Math.min(mostRows * features.columns.length, mostAnswers / repeats) * 1e-6 * perRow;
}

/** @throws MalachiteError `Canceled` after an abort. */
export async function explain(problem: Problem, best: TrialRecord, { seconds, now, signal }: ExplainOptions): Promise<Explained> {
  if (best.trial.algorithm === 'Prior') return explainPrior(problem);
  const deadline = now() + seconds;
  const onnx = best.onnx as Uint8Array;
  const read = embeddedSignature(decodeModel(onnx))?.columns.map((column) => column.name) ?? [];
  const predictor = await loadPredictor(onnx);
  try {
    const rows = rowsToShuffle(problem, best, read.length, seconds);
    const table = takeRows(problem.features, rows);
    // What a shuffle costs; the first run is slower than those that follow, which leaves time.
    const asked = now();
    await predictor.predict(table);
    const inTime = (0.5 * seconds) / Math.max(1e-6, now() - asked);
    const affordable = Math.max(fewestColumns, Math.floor(Math.min(inTime, mostAnswers / (repeats * rows.length))));
    const columns = read.length <= affordable ? read : mostTelling(problem, read, rows, affordable);
    const importances = await permutationImportance({
      table,
      predict(shuffled) {
        if (signal?.aborted) throw new MalachiteError('Canceled', 'The job was canceled.');
        return predictor.predict(shuffled);
      },
      score: rowScore(problem, rows),
      columns,
      repeats,
      seed: problem.seed,
      shouldStop: () => now() > deadline,
    });
    return told(problem, {
      method:
        columns === read
          ? 'permutation importance'
          : `permutation importance of the ${columns.length} of ${read.length} columns that say most on their own`,
      metric: problem.primaryMetric,
      rows: rows.length,
      features: importances
        .filter(({ name }) => columns === read || columns.includes(name))
        .map(({ name, importance, std, repeats }) => ({ name, importance, std: repeats > 1 ? std : null })),
    });
  } finally {
    await predictor.close();
  }
}

/** The baseline looks at no column: it need not be asked to know that none matters. */
function explainPrior(problem: Problem): Explained {
  const names = problem.features.columns.map((column) => column.name);
  const features = names.map((name) => ({ name, importance: 0, std: 0 }));
  return told(problem, { method: 'none: the baseline looks at no column', metric: problem.primaryMetric, rows: 0, features });
}

function told({ features, target }: Problem, explanation: Explanation): Explained {
  const featureNames = features.columns.map((column) => column.name);
  return { explanation, files: jsonFiles(explanationFiles({ explanation, target, featureNames })) };
}

/** Validation rows, as many as half of the time allows for one pass over the columns, and the answers for all. */
function rowsToShuffle({ validation, seed }: Problem, best: TrialRecord, columnCount: number, seconds: number): Int32Array {
  const validationRows = Int32Array.from(new Set(validation.folds.flatMap((fold) => Array.from(fold.validation))));
  const secondsPerRow = (columnCount + 1) * 1e-6 * (best.trial.predictMicrosecondsPerRow ?? 0);
  const most = Math.min(mostRows, (0.5 * seconds) / secondsPerRow, mostAnswers / (repeats * columnCount));
  const affordable = Math.max(fewestRows, Math.floor(most));
  return createRandom(seed).shuffle(validationRows).slice(0, affordable).sort();
}

/** The columns that predict the target best alone, on these rows; in the table's order. */
function mostTelling({ features, target }: Problem, names: readonly string[], rows: Int32Array, count: number): string[] {
  const read = new Set(names);
  const scored = features.columns
    .filter(({ name }) => read.has(name))
    .map((column) => ({ name: column.name, score: singleColumnScore(column, target, rows) ?? 0 }));
  const chosen = new Set(
    scored
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
      .map(({ name }) => name),
  );
  return names.filter((name) => chosen.has(name));
}
