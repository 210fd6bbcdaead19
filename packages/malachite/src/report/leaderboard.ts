/** The leaderboard as a table: a line a trial, its words, parameters and every metric folded below it. */
import type { AutoMLResult, Metrics, Trial } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { notesLegend, notesOf } from '../console/leaderboard.ts';
import { type Html, html, nothing } from './html.ts';

export function leaderboard(result: AutoMLResult): Html {
  return html`<p>${notesLegend}</p>
<table><thead><tr><th>#</th><th>Pipeline</th><th>${result.primaryMetric}</th><th>Notes</th><th>Fit, s</th><th>Predict a row alone, µs</th><th>in a batch</th><th>KiB</th><th>ONNX difference</th></tr></thead>
<tbody>${result.trials.map((trial) => row(trial, notesOf(trial, result).join(' ')))}</tbody></table>`;
}

function row(trial: Trial, notes: string): Html {
  const line =
    trial.error === undefined
      ? html`<td>${scoreWithError(trial)}</td><td>${notes}</td><td>${trial.fitSeconds.toFixed(2)}</td><td>${trial.predictMicrosecondsSingleRow?.toFixed(0) ?? ''}</td><td>${trial.predictMicrosecondsPerRow?.toFixed(2) ?? ''}</td><td>${(trial.onnxBytes / 1024).toFixed(1)}</td><td>${parity(trial)}</td>`
      : html`<td colspan="7">${trial.status}: ${trial.error}</td>`;
  return html`<tr><td>${trial.iteration}</td><td><details><summary>${pipelineName(trial)}</summary><p>${trial.description}</p><p class="small">${parameters(trial)}</p>${metricList(trial.metrics)}</details></td>${line}</tr>
`;
}

/** `0.94917 ± 0.0042` */
export function scoreWithError({ score, standardError }: Trial): string {
  if (score === null) return 'n/a';
  return standardError === null ? score.toFixed(5) : `${score.toFixed(5)} ± ${Number(standardError.toPrecision(2))}`;
}

/** Every metric by name. */
export function metricList(values: Metrics): Html {
  const names = Object.keys(values).sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()));
  if (names.length === 0) return nothing;
  return html`<div class="columns">${names.map(
    (name) =>
      html`<div class="pair"><span>${name}</span><b>${values[name] === null ? 'n/a' : numberText(values[name] as number)}</b></div>`,
  )}</div>`;
}

function parity({ parity }: Trial): Html {
  if (parity === null) return nothing;
  return html`<span title="${parity.rows} rows, ${parity.labelFlips} labels differ">${parity.maxDifference.toExponential(1)}${parity.withinTolerance ? '' : ' (!)'}</span>`;
}

function parameters({ parameters, ensemble }: Trial): string {
  const members = ensemble?.map(({ iteration, algorithm, weight }) => `${algorithm} ${iteration} × ${numberText(weight)}`) ?? [];
  const values = Object.entries(parameters).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? numberText(value) : JSON.stringify(value)}`,
  );
  return [...members, ...values].join(', ');
}
