/** The leaderboard as a table: a line a trial, its words, parameters and every metric folded below it. */
import type { AutoMLResult, Metrics, Trial } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { notesLegend, notesOf, parityText } from '../console/leaderboard.ts';
import { breakable, type Html, html, nothing } from './html.ts';

export function leaderboard(result: AutoMLResult): Html {
  return html`<p>${notesLegend} Open a line for every parameter and metric.</p>
<table class="leaderboard"><thead><tr><th>Trial</th><th>Pipeline</th><th>${breakable(result.primaryMetric)}</th><th>Notes</th><th>Fit, s</th><th>µs a row, alone</th><th>in a batch</th><th>KiB</th><th>ONNX difference</th></tr></thead>
${result.trials.map((trial) => row(trial, notesOf(trial, result)))}</table>`;
}

function row(trial: Trial, notes: readonly string[]): Html {
  const marks = notes.map((note) => html`<span class="note">${note}</span> `);
  const line =
    trial.error === undefined
      ? html`<td>${scoreWithError(trial)}</td><td>${marks}</td><td>${trial.fitSeconds.toFixed(2)}</td><td>${trial.predictMicrosecondsSingleRow?.toFixed(0) ?? ''}</td><td>${trial.predictMicrosecondsPerRow?.toFixed(2) ?? ''}</td><td>${(trial.onnxBytes / 1024).toFixed(1)}</td><td>${parity(trial)}</td>`
      : html`<td colspan="7" class="failed">${trial.status}: ${trial.error}</td>`;
  const details = html`<details><summary>${trial.description}</summary><p class="small">${parameters(trial)}</p>${metricList(trial.metrics)}</details>`;
  return html`<tbody><tr><td>${trial.iteration}</td><td>${pipelineName(trial)}</td>${line}</tr><tr><td></td><td colspan="8">${details}</td></tr></tbody>
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
      html`<div class="pair"><span>${breakable(name)}</span><b>${values[name] === null ? 'n/a' : numberText(values[name] as number)}</b></div>`,
  )}</div>`;
}

function parity({ parity }: Trial): Html {
  if (parity === null) return nothing;
  return html`<span title="${parity.rows} rows, ${parity.labelFlips} labels differ">${parityText(parity)}</span>`;
}

function parameters({ parameters, ensemble }: Trial): string {
  const members = ensemble?.map(({ iteration, algorithm, weight }) => `${algorithm} ${iteration} × ${numberText(weight)}`) ?? [];
  const values = Object.entries(parameters).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? numberText(value) : JSON.stringify(value)}`,
  );
  return [...members, ...values].join(', ');
}
