/** The report of one AutoML run: one HTML page that needs nothing beside it. */
import type { AutoMLResult, Explanation, Guardrail, Trial } from '@malachite/core';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { columnTable } from './columns.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import { frontChart } from './front-chart.ts';
import { type Html, html, nothing } from './html.ts';
import { leaderboard, metricList, scoreWithError } from './leaderboard.ts';
import { scoreChart } from './score-chart.ts';
import { stylesheet } from './stylesheet.ts';
import type { RunRecord } from './write-outcome.ts';

export function reportHtml({ outcome, spec, jobName, rows, file }: RunRecord): string {
  const { result, best } = outcome;
  const title = `${spec.targetColumnName}: ${pipelineName(best.trial)}, ${result.primaryMetric} ${numberText(best.trial.score ?? Number.NaN)}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: stylesheet }}</style>
</head>
<body>
<header>
<h1>${pipelineName(best.trial)}</h1>
<p>${spec.task} of <b>${spec.targetColumnName}</b> in ${file}, ${rows} rows. Run ${jobName}.</p>
<dl>
<dt>${result.primaryMetric}</dt><dd>${scoreWithError(best.trial)}</dd>
<dt>Trials</dt><dd>${result.trials.length}</dd>
<dt>Model</dt><dd>${numberText(best.trial.onnxBytes / 1024)} KiB of ONNX</dd>
${parity(best.trial)}
</dl>
<p>${best.trial.description}</p>
<p>${result.validation ?? ''} ${result.stopReason ?? ''}</p>
</header>
<section><h2>Conclusions</h2>${conclusions(result)}</section>
<section><h2>Leaderboard</h2>${scoreChart(result)}${frontChart(result)}${leaderboard(result)}</section>
<section><h2>Metrics of the best model</h2>${metricList(best.trial.metrics)}</section>
${confusionMatrix(best.files.confusion_matrix)}
${result.explanation ? importance(result.explanation) : nothing}
${columnTable(outcome)}
<section><h2>Data guardrails</h2>${result.guardrails.map(guardrail)}</section>
<footer>Made by Malachite on this machine. Trainer and ONNX Runtime score the same rows of every exported model; the largest difference is shown.</footer>
</body>
</html>
`;
  return page.markup;
}

function parity({ parity }: Trial): Html {
  if (parity === null) return nothing;
  return html`<dt>Trainer against ONNX Runtime</dt><dd>differ by ${numberText(parity.maxDifference)} at most on ${parity.rows} rows</dd>`;
}

function conclusions({ conclusions }: AutoMLResult): Html {
  return html`<ul>${(conclusions?.sentences ?? []).map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

function importance({ method, metric, rows, features }: Explanation): Html {
  const largest = Math.max(...features.map((feature) => feature.importance), Number.EPSILON);
  const width = (value: number) => Math.max(0, (100 * value) / largest).toFixed(1);
  return html`<section><h2>Most important columns</h2>
<p>${method}: how much ${metric} is lost when a column is shuffled, on ${rows ?? 'some'} rows.</p>
<table class="bars"><tbody>${features
    .slice(0, 20)
    .map(
      ({ name, importance, std }) =>
        html`<tr><th>${name}</th><td><div class="bar" style="width:${width(importance)}%"></div></td><td>${importance.toFixed(5)}${std === null ? '' : ` ± ${std.toFixed(5)}`}</td></tr>`,
    )}</tbody></table></section>`;
}

function guardrail({ friendlyType, result, description, parameters }: Guardrail): Html {
  const names = Object.keys(parameters[0] ?? {});
  const details =
    names.length === 0
      ? nothing
      : html`<table><thead><tr>${names.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${parameters.map((row) => html`<tr>${names.map((name) => html`<td>${row[name] ?? ''}</td>`)}</tr>`)}</tbody></table>`;
  return html`<article><h3><span class="${result}">${result.toUpperCase()}</span> ${friendlyType}</h3><p>${description}</p>${details}</article>`;
}
