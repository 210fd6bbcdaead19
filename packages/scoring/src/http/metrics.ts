/**
 * What `GET /metrics` tells, in Prometheus' text format, under the names that OpenTelemetry's semantic conventions give to HTTP servers
 * and processes (dots are written as underscores, units at the end, as its Prometheus exporter does).
 */
import type { Endpoint } from './endpoint.ts';
import type { RequestRow } from './request-log.ts';

export interface Metrics {
  /** @param route the pattern that matched, empty for none: no caller can make up new series */
  observe(row: RequestRow, route: string): void;
  /** The text of the moment. */
  text(endpoint: Endpoint): string;
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Seconds. OpenTelemetry's boundaries, with three below for answers that take less than its first. */
const boundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

interface Histogram {
  /** Not cumulative; the last is beyond all boundaries. */
  readonly counts: number[];
  sum: number;
}

interface Scored {
  rows: number;
  runSeconds: number;
}

/** Methods beyond these are counted together. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** Where the requests of one kind are counted. */
interface Series {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly deployment: string;
  readonly durations: Histogram;
  readonly scored: Scored;
}

export function httpMetrics(): Metrics {
  const durations = new Map<string, Histogram>();
  const scored = new Map<string, Scored>();
  const seriesOf = ({ method, status, deployment }: RequestRow, route: string): Series => {
    const labels = `http_request_method="${methods.has(method) ? method : '_OTHER'}",http_route="${route}",http_response_status_code="${status}",azureml_deployment="${deployment}"`;
    return {
      method,
      route,
      status,
      deployment,
      durations: entry(durations, labels, () => ({ counts: boundaries.map(() => 0).concat(0), sum: 0 })),
      scored: entry(scored, deployment, () => ({ rows: 0, runSeconds: 0 })),
    };
  };
  /** Most requests are of the kind of the one before. */
  let last: Series | undefined;
  return {
    observe(row, route) {
      const { method, status, deployment, durationMs, runMs, rows } = row;
      if (last?.status !== status || last.method !== method || last.route !== route || last.deployment !== deployment)
        last = seriesOf(row, route);
      const { counts } = last.durations;
      const seconds = durationMs / 1000;
      let bucket = 0;
      while (bucket < boundaries.length && seconds > (boundaries[bucket] as number)) bucket++;
      counts[bucket] = (counts[bucket] as number) + 1;
      last.durations.sum += seconds;
      last.scored.rows += rows;
      last.scored.runSeconds += runMs / 1000;
    },
    text: (endpoint) =>
      [
        ...requestLines(durations),
        ...activeLines(endpoint),
        ...modelLines(endpoint),
        ...scoredLines(scored),
        ...processLines(),
        '',
      ].join('\n'),
  };
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function requestLines(durations: ReadonlyMap<string, Histogram>): string[] {
  const name = 'http_server_request_duration_seconds';
  const lines = [`# HELP ${name} Duration of HTTP server requests.`, `# TYPE ${name} histogram`];
  for (const [labels, { counts, sum }] of durations) {
    let total = 0;
    for (const [i, count] of counts.entries()) {
      total += count;
      lines.push(`${name}_bucket{${labels},le="${boundaries[i] ?? '+Inf'}"} ${total}`);
    }
    lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${total}`);
  }
  return lines;
}

function activeLines(endpoint: Endpoint): string[] {
  const name = 'http_server_active_requests';
  const lines = [`# HELP ${name} Number of requests that are with a deployment.`, `# TYPE ${name} gauge`];
  for (const { name: deployment, inFlight } of endpoint.all()) {
    lines.push(`${name}{azureml_deployment="${deployment}"} ${inFlight}`);
  }
  return lines;
}

/** Who evaluates each model, as Prometheus tells facts: in the labels of a 1. */
function modelLines(endpoint: Endpoint): string[] {
  const name = 'malachite_scoring_model_info';
  const lines = [`# HELP ${name} Who evaluates the model of a deployment.`, `# TYPE ${name} gauge`];
  for (const { name: deployment, answerer } of endpoint.all()) {
    const evaluation = answerer.evaluation?.replaceAll(/["\\\n]/g, ' ');
    if (evaluation !== undefined) lines.push(`${name}{azureml_deployment="${deployment}",evaluation="${evaluation}"} 1`);
  }
  return lines;
}

function scoredLines(scored: ReadonlyMap<string, Scored>): string[] {
  const rows = 'malachite_scoring_rows_total';
  const run = 'malachite_scoring_run_seconds_total';
  const counted = [...scored].filter(([, total]) => total.rows > 0);
  return [
    `# HELP ${rows} Rows that were scored.`,
    `# TYPE ${rows} counter`,
    ...counted.map(([deployment, total]) => `${rows}{azureml_deployment="${deployment}"} ${total.rows}`),
    `# HELP ${run} Time in the model, counted for each of the requests that ran together.`,
    `# TYPE ${run} counter`,
    ...counted.map(([deployment, total]) => `${run}{azureml_deployment="${deployment}"} ${total.runSeconds}`),
  ];
}

function processLines(): string[] {
  const { user, system } = process.cpuUsage();
  return [
    '# HELP process_cpu_time_seconds_total Total CPU seconds, by mode.',
    '# TYPE process_cpu_time_seconds_total counter',
    `process_cpu_time_seconds_total{cpu_mode="user"} ${user / 1e6}`,
    `process_cpu_time_seconds_total{cpu_mode="system"} ${system / 1e6}`,
    '# HELP process_memory_usage_bytes The amount of physical memory in use.',
    '# TYPE process_memory_usage_bytes gauge',
    `process_memory_usage_bytes ${process.memoryUsage.rss()}`,
    '# HELP process_uptime_seconds The time the process has been running.',
    '# TYPE process_uptime_seconds gauge',
    `process_uptime_seconds ${process.uptime()}`,
  ];
}
