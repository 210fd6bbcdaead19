/** The outcome of an AutoML run as text. */
import type { AutoMLResult, Explanation, Parity, TestScore, Trial } from '@malachite/core';
import { numberText, renderTable } from '../cli/table.ts';
import { guardrailLines } from './guardrails.ts';
import { pipelineName } from './iteration-table.ts';

/** Trials, best first: score and its standard error, what the conclusions say of it, times, size, and the difference between trainer and ONNX Runtime. */
export function leaderboardText(result: AutoMLResult, limit = Number.POSITIVE_INFINITY): string {
  const header = [
    ...['rank', 'trial', 'pipeline', result.primaryMetric, '±', 'notes'],
    ...['fit s', 'µs a row alone', 'in a batch', 'KiB', 'ONNX difference'],
  ];
  const rows = result.trials.slice(0, limit).map((trial, index) => {
    const scored = trial.status === 'Completed';
    return [
      index + 1,
      trial.iteration,
      pipelineName(trial),
      scored ? rounded(trial.score, 5) : trial.status,
      trial.standardError === null ? null : Number(trial.standardError.toPrecision(2)),
      notesOf(trial, result).join(' '),
      scored ? rounded(trial.fitSeconds, 2) : null,
      rounded(trial.predictMicrosecondsSingleRow, 0),
      rounded(trial.predictMicrosecondsPerRow, 2),
      scored ? rounded(trial.onnxBytes / 1024, 1) : null,
      trial.parity === null ? null : parityText(trial.parity),
    ];
  });
  return renderTable(header, rows);
}

/** The words that `notesLegend` explains. */
export function notesOf({ name, isCutShort, sample }: Trial, { bestTrial, conclusions }: AutoMLResult): string[] {
  const isTied = conclusions !== null && conclusions.tied.length > 1 && conclusions.tied.includes(name);
  return [
    ...(name === bestTrial ? ['best'] : []),
    ...(isTied ? ['='] : []),
    ...(conclusions?.paretoFront.includes(name) ? ['front'] : []),
    ...(isCutShort ? ['cut'] : []),
    ...(sample?.isPromoted === false ? [`sample ${numberText(sample.percent)} %`] : []),
  ];
}

export const notesLegend =
  '±: the standard error of the score. best: the model that is kept. =: cannot be told apart from the best score; what counts is the error of their difference on the same rows. front: no other trial is both better and faster in a batch. cut: time ended a fit early. sample: fitted on that share of the rows only.';

/** Whether the model answers the same whatever its columns say, as the baseline does. */
export function isIndifferent({ features }: Explanation): boolean {
  return features.every(({ importance }) => importance === 0);
}

/** What is said of such a model. */
export function indifference({ method }: Explanation): string {
  return `No column changes an answer (${method.replace(/^none: /, '')}).`;
}

/** The most important columns with a bar each. */
export function importanceText(explanation: Explanation, limit = 5): string {
  const { features, metric } = explanation;
  if (isIndifferent(explanation)) return indifference(explanation);
  const top = features.slice(0, limit);
  const largest = Math.max(...top.map((feature) => feature.importance), Number.EPSILON);
  const bar = (importance: number) => '█'.repeat(Math.max(0, Math.round((20 * importance) / largest)));
  const rows = top.map(({ name, importance }) => [name, importance, bar(importance)]);
  return renderTable(['column', `loss of ${metric} when shuffled`, ''], rows);
}

/** Everything, for `job result`. */
export function resultText(result: AutoMLResult): string {
  const parts = [`${leaderboardText(result)}\n${notesLegend}`];
  const failed = result.trials.filter(({ error }) => error !== undefined);
  if (failed.length > 0) parts.push(failed.map(failureLine).join('\n'));
  const best = result.trials.find(({ name }) => name === result.bestTrial);
  if (best) parts.push(`Best trial: ${best.iteration}. ${best.description}`);
  if (result.conclusions) parts.push(result.conclusions.sentences.join('\n'));
  if (result.validation) parts.push(`Validation: ${result.validation}`);
  if (result.test) parts.push(testLine(result.test, result.primaryMetric));
  if (result.stopReason) parts.push(`Stopped: ${result.stopReason}`);
  if (result.explanation) parts.push(importanceText(result.explanation, 10));
  if (result.guardrails.length > 0) parts.push(guardrailLines(result.guardrails).join('\n'));
  return parts.join('\n\n');
}

/** The primary metric first, and what most people ask for besides. */
function testLine({ rows, metrics }: TestScore, primaryMetric: string): string {
  const names = [primaryMetric, 'accuracy', 'log_loss', 'r2_score', 'mean_absolute_error'];
  const values = [...new Set(names)].flatMap((name) => (metrics[name] == null ? [] : [`${name} ${rounded(metrics[name], 5)}`]));
  return `Test: ${values.join(', ')}, on ${rows} rows that neither a fit nor a choice has seen.`;
}

function failureLine(trial: Trial): string {
  return `Trial ${trial.iteration}, ${pipelineName(trial)}, failed: ${trial.error}`;
}

/** The largest difference between trainer and ONNX Runtime, `(!)` where it is beyond the tolerance. */
export function parityText(parity: Parity): string {
  const difference = Number(parity.maxDifference.toPrecision(2));
  return `${difference > 0 && difference < 1e-3 ? difference.toExponential() : numberText(difference)}${parity.withinTolerance ? '' : ' (!)'}`;
}

function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Number(value.toFixed(decimals));
}
