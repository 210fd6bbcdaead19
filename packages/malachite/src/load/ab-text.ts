/** The result of a load test in the words of ApacheBench, which the course uses. */
import type { Benchmark } from './benchmark.ts';

export function abText(result: Benchmark): string {
  const { hostname, port, pathname, protocol } = new URL(result.uri);
  const facts: [string, string][] = [
    ['Server Hostname:', hostname],
    ['Server Port:', port || (protocol === 'https:' ? '443' : '80')],
    ['Document Path:', pathname],
    ['', ''],
    ['Concurrency Level:', String(result.connections)],
    ...(result.rate === undefined ? [] : [['Rate asked for:', `${result.rate} [#/sec]`] as [string, string]]),
    ['Time taken for tests:', `${result.seconds.toFixed(3)} seconds`],
    ['Complete requests:', String(result.requests)],
    ['Failed requests:', String(result.errors)],
    ['Non-2xx responses:', String(result.non2xx)],
    ['Total transferred:', `${result.bytes} bytes`],
    ['Requests per second:', `${result.requestsPerSecond.toFixed(2)} [#/sec] (mean)`],
    ['Rows per second:', `${result.rowsPerSecond.toFixed(2)} [#/sec] (${result.rowsPerRequest} a request)`],
    ['Time per request:', `${result.latency.mean.toFixed(3)} [ms] (mean)`],
  ];
  const served = [50, 75, 90, 95, 99, 99.9].map(
    (percent) => `${`${percent}%`.padStart(6)} ${(result.latency[`p${percent}`] ?? 0).toFixed(3).padStart(10)}`,
  );
  return [
    ...facts.map(([name, value]) => `${name.padEnd(24)}${value}`.trimEnd()),
    '',
    'Percentage of the requests served within a certain time (ms)',
    ...served,
    `  100% ${result.latency.max.toFixed(3).padStart(10)} (longest request)`,
  ].join('\n');
}
