/** The outcome of an AutoML run as text. */
import type { AutoMLResult, Explanation, Trial } from '@malachite/core';
import { numberText, renderTable } from '../cli/table.ts';
import { guardrailLines } from './guardrails.ts';
import { pipelineName } from './iteration-table.ts';

/** The best trials, best first, with their score, times and the difference between trainer and ONNX Runtime. */
export function leaderboardText({ primaryMetric, trials }: AutoMLResult, limit = Number.POSITIVE_INFINITY): string {
  const header = ['rank', 'trial', 'pipeline', primaryMetric, 'fit s', 'predict µs/row', 'ONNX difference'];
  return renderTable(header, trials.slice(0, limit).map(leaderboardRow));
}

/** The most important columns with a bar each. */
export function importanceText({ features, metric }: Explanation, limit = 5): string {
  const top = features.slice(0, limit);
  const largest = Math.max(...top.map((feature) => feature.importance), Number.EPSILON);
  const bar = (importance: number) => '█'.repeat(Math.max(0, Math.round((20 * importance) / largest)));
  const rows = top.map(({ name, importance }) => [name, importance, bar(importance)]);
  return renderTable(['column', `loss of ${metric} when shuffled`, ''], rows);
}

/** Everything, for `job result`. */
export function resultText(result: AutoMLResult): string {
  const parts = [leaderboardText(result)];
  if (result.validation) parts.push(`Validation: ${result.validation}`);
  if (result.stopReason) parts.push(`Stopped: ${result.stopReason}`);
  if (result.explanation) parts.push(importanceText(result.explanation, 10));
  if (result.guardrails.length > 0) parts.push(guardrailLines(result.guardrails).join('\n'));
  return parts.join('\n\n');
}

function leaderboardRow(trial: Trial, index: number) {
  const difference = trial.parity
    ? `${numberText(Number(trial.parity.maxDifference.toPrecision(2)))}${trial.parity.withinTolerance ? '' : ' (!)'}`
    : '';
  return [
    index + 1,
    trial.iteration,
    pipelineName(trial),
    trial.status === 'Completed' ? (trial.score === null ? null : Number(trial.score.toFixed(5))) : trial.status,
    Number(trial.fitSeconds.toFixed(2)),
    trial.predictMicrosecondsPerRow === null ? null : Number(trial.predictMicrosecondsPerRow.toFixed(1)),
    difference,
  ];
}
