/** The report of one AutoML run: one HTML page that needs nothing beside it. */
import type { AutoMLResult, AutoMLSpec, Explanation, Trial } from '@malachite/core';
import { stringify } from 'yaml';
import { snakeKeys } from '../cli/snake-keys.ts';
import { numberText } from '../cli/table.ts';
import { pipelineName } from '../console/iteration-table.ts';
import { indifference, isIndifferent } from '../console/leaderboard.ts';
import { classCharts } from './class-charts.ts';
import { columnTable } from './columns.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import { frontChart } from './front-chart.ts';
import { guardrails } from './guardrails.ts';
import { type Html, html, nothing } from './html.ts';
import { leaderboard, metricList, scoreWithError } from './leaderboard.ts';
import { regressionCharts } from './regression-charts.ts';
import type { RunRecord } from './run-record.ts';
import { scoreChart } from './score-chart.ts';
import { stylesheet } from './stylesheet.ts';

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
<p>${spec.task} of <b>${spec.targetColumnName}</b> in ${file}, ${rows.toLocaleString('en-US')} rows. Run ${jobName}.</p>
<dl>
<dt>${result.primaryMetric}</dt><dd>${scoreWithError(best.trial)}</dd>
${testScore(result)}
<dt>Trials</dt><dd>${result.trials.length} in ${lastSecond(result).toFixed(1)} s</dd>
<dt>Model</dt><dd>${numberText(best.trial.onnxBytes / 1024)} KiB of ONNX</dd>
${parity(best.trial)}
</dl>
<p>${best.trial.description}</p>
<p>${result.validation ?? ''} ${result.stopReason ?? ''}</p>
</header>
<section><h2>Conclusions</h2>${conclusions(result)}</section>
<section><h2>Leaderboard</h2>${scoreChart(result)}${frontChart(result)}${leaderboard(result)}</section>
<section><h2>Metrics of the best model</h2><p>On the validation rows; with folds, the mean over them.</p>${metricList(best.trial.metrics)}</section>
${testMetrics(result)}
${confusionMatrix(best.files.confusion_matrix)}
${classCharts(best.files)}${regressionCharts(best.files)}
${result.explanation ? importance(result.explanation) : nothing}
${columnTable(outcome)}
${guardrails(result.guardrails)}
${settings(spec)}
<footer>Made by Malachite on this machine. Trainer and ONNX Runtime score the same rows of every exported model; the largest difference is shown.</footer>
</body>
</html>
`;
  return page.markup;
}

/** When the last trial came in. */
function lastSecond({ trials }: AutoMLResult): number {
  return Math.max(...trials.map(({ finishedAtSeconds }) => finishedAtSeconds));
}

/** What was asked for, in the fields of a YAML job; what is not said is its default. */
function settings(spec: AutoMLSpec): Html {
  return html`<section><h2>Settings</h2><pre>${stringify(snakeKeys(JSON.parse(JSON.stringify(spec)))).trim()}</pre></section>`;
}

function parity({ parity }: Trial): Html {
  if (parity === null) return nothing;
  return html`<dt>Trainer against ONNX Runtime</dt><dd>differ by ${numberText(parity.maxDifference)} at most on ${parity.rows} rows</dd>`;
}

function testScore({ test, primaryMetric }: AutoMLResult): Html {
  if (test === null) return nothing;
  const score = test.metrics[primaryMetric];
  return html`<dt>On ${test.rows} test rows</dt><dd>${score == null ? 'n/a' : numberText(score)}</dd>`;
}

function testMetrics({ test }: AutoMLResult): Html {
  if (test === null) return nothing;
  return html`<section><h2>Metrics on test rows</h2><p>On ${test.rows} rows that neither a fit nor a choice has seen.</p>${metricList(test.metrics)}</section>`;
}

function conclusions({ conclusions }: AutoMLResult): Html {
  return html`<ul>${(conclusions?.sentences ?? []).map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

function importance(explanation: Explanation): Html {
  if (isIndifferent(explanation))
    return html`<section><h2>Most important columns</h2><p>${indifference(explanation)}</p></section>`;
  const { method, metric, rows, features } = explanation;
  const largest = Math.max(...features.map((feature) => feature.importance), Number.EPSILON);
  const width = (value: number) => Math.max(0, (100 * value) / largest).toFixed(1);
  return html`<section><h2>Most important columns</h2>
<p>${method}: how much worse ${metric} gets when a column is shuffled, on ${rows ?? 'some'} rows${features.some(({ std }) => std !== null) ? '; ± is the standard deviation over the shuffles' : ''}.</p>
<table class="bars"><tbody>${features
    .slice(0, 20)
    .map(
      ({ name, importance, std }) =>
        html`<tr><th>${name}</th><td><div class="bar" style="width:${width(importance)}%"></div></td><td>${importance.toFixed(5)}${std === null ? '' : ` ± ${std.toFixed(5)}`}</td></tr>`,
    )}</tbody></table></section>`;
}
