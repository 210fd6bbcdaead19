/** What the walk-through ends with: everything one needs to go on by hand. */
import type { Metrics } from '@malachite/core';
import { numberText, renderTable } from '../cli/table.ts';
import { importanceText, leaderboardText } from '../console/leaderboard.ts';
import type { Walkthrough } from './walkthrough.ts';

/** As text. `serverUrl` is where the REST API answers. */
export function summaryText(walkthrough: Walkthrough, serverUrl: string): string {
  const { trained, metrics, explanation, deployed, answer, observed, published } = walkthrough;
  const sections: [string, string | undefined][] = [
    ['Leaderboard', leaderboardText(trained.result, 8)],
    ['Metrics of the best model', metricsGrid(metrics)],
    ['Most important columns', explanation ? importanceText(explanation) : undefined],
    [
      'Endpoint',
      `Scoring URI  ${deployed.endpoint.scoringUri}\nKey          ${deployed.primaryKey}\nSwagger UI   ${deployed.endpoint.docsUri ?? deployed.endpoint.openapiUri}`,
    ],
    ['Score two rows', `${scoreCall(walkthrough)}\n\n${answer}`],
    ['Its log', logText(walkthrough)],
    ['Pipeline', published ? `${published.pipeline.endpoint ?? 'no REST endpoint'}\n\n${triggerCall(walkthrough)}` : undefined],
    ['Workspace', `API          ${serverUrl}/api/v1\nSwagger UI   ${serverUrl}/docs\nMore         malachite --help`],
  ];
  const shown = observed.logLines.length > 0 ? sections : sections.filter(([title]) => title !== 'Its log');
  return shown
    .flatMap(([title, text]) => (text === undefined ? [] : [`${title}\n${'='.repeat(title.length)}\n${text}\n`]))
    .join('\n');
}

/** As data, for a pipe. */
export function summaryData(walkthrough: Walkthrough, serverUrl: string) {
  const { trained, metrics, explanation, deployed, answer, observed, published, scheduledRun, secondsToScore } = walkthrough;
  return {
    job: trained.jobName,
    leaderboard: trained.result.trials.map(({ name, preprocessor, algorithm, score }) => ({
      name,
      preprocessor,
      algorithm,
      score,
    })),
    bestTrial: trained.best.name,
    metrics,
    importance: explanation?.features ?? [],
    guardrails: trained.result.guardrails,
    model: deployed.deployment.model,
    scoringUri: deployed.endpoint.scoringUri,
    primaryKey: deployed.primaryKey,
    docsUri: deployed.endpoint.docsUri,
    scoreCall: scoreCall(walkthrough),
    answer,
    secondsToScore,
    logLines: observed.logLines,
    requests: observed.requests ?? null,
    pipelineId: published?.pipeline.id ?? null,
    pipelineEndpoint: published?.pipeline.endpoint ?? null,
    pipelineCall: published ? triggerCall(walkthrough) : null,
    scheduledRun: scheduledRun?.id ?? null,
    apiUri: `${serverUrl}/api/v1`,
    apiDocsUri: `${serverUrl}/docs`,
  };
}

/** A line for a shell that scores the two rows again. */
function scoreCall({ deployed, requestBody }: Walkthrough): string {
  return `curl ${quoted(deployed.endpoint.scoringUri)} -H ${quoted(`Authorization: Bearer ${deployed.primaryKey}`)} -H 'Content-Type: application/json' -d ${quoted(requestBody)}`;
}

/** A line for a shell that runs the published pipeline. */
function triggerCall({ published }: Walkthrough): string {
  if (!published?.pipeline.endpoint) return '';
  return `curl ${quoted(published.pipeline.endpoint)} -H ${quoted(`Authorization: Bearer ${published.key}`)} -H 'Content-Type: application/json' -d '{"ExperimentName": "pipeline-rest-endpoint"}'`;
}

function logText({ observed: { logLines, requests } }: Walkthrough): string {
  const table = requests
    ? `\n\n${renderTable(
        requests.columns.map(({ name }) => name),
        requests.rows,
      )}`
    : '';
  return `${logLines.join('\n')}${table}`;
}

/** Metrics in three columns, by name. */
function metricsGrid(metrics: Metrics): string {
  const names = Object.keys(metrics).sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()));
  const width = Math.max(...names.map((name) => name.length));
  const cells = names.map(
    (name) => `${name.padEnd(width)}  ${(metrics[name] === null ? 'n/a' : numberText(metrics[name] as number)).padEnd(9)}`,
  );
  const height = Math.ceil(cells.length / 3);
  return Array.from({ length: height }, (_, row) =>
    [0, 1, 2]
      .map((column) => cells[row + column * height] ?? '')
      .join('   ')
      .trimEnd(),
  ).join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
