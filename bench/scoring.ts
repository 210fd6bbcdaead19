/**
 * Scoring throughput beside Azure's own inference server and a bare fastify echo of the same payload, in one run on one machine.
 *
 *     node bench/scoring.ts [MODEL.onnx] [SECONDS]
 *
 * Servers and load generator (autocannon) are processes of their own. Ours has everything on: key check, ids, headers, request rows.
 * The model is the real voting ensemble of ../shared when that is there, else a fixture. Azure's server has two workers and the leanest
 * script (`scoring_azmlinfsrv.py`); with a script as AutoML generates it, over pandas, it is told in a line of its own.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { servable } from '../packages/onnx/src/index.ts';
import { exampleRow } from '../packages/scoring/src/index.ts';
import { cpuSeconds, key, memoryMB, type Server, startAzureServer, startEcho, startHost } from './scoring-servers.ts';

interface Load {
  requestsPerSecond: number;
  /** Connections by answers a millisecond (Little's law): holds too for servers that close connections, which autocannon times wrongly. */
  meanMs: number;
  p50: number;
  p99: number;
  failed: number;
  answered: number;
  /** Processor time that the server spent on a request: the figure to trust on a machine that does other things too. */
  cpuMicros: number;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const real = here('../../shared/models/bankmarketing_votingensemble.onnx');
const modelPath = process.argv[2] || (existsSync(real) ? real : here('../fixtures/models/loans.onnx'));
const seconds = Number(process.argv[3] ?? 5);
const autocannon = createRequire(import.meta.resolve('../packages/malachite/package.json')).resolve('autocannon');

const row = exampleRow(servable(readFileSync(modelPath)).signature);
const body = (rows: number): string => JSON.stringify({ data: Array.from({ length: rows }, () => row) });

interface Plan {
  readonly rows: number;
  readonly connections: number;
  readonly duration?: number;
  /** Requests a second; as many as the server answers when absent. */
  readonly rate?: number;
}

/** Sends one payload for some seconds. Connections are kept alive, one request at a time on each. */
async function load(server: Server, { rows, connections, duration = seconds, rate }: Plan): Promise<Load> {
  const cpuBefore = cpuSeconds(server);
  const flags = ['-j', '-n', '-c', String(connections), '-d', String(duration), '-m', 'POST', '-b', body(rows)];
  if (rate !== undefined) flags.push('-R', rate.toFixed(0));
  const headers = ['-H', 'content-type=application/json', '-H', `authorization=Bearer ${key}`];
  const url = `http://127.0.0.1:${server.port}/score`;
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...flags, ...headers, url], { maxBuffer: 2 ** 26 });
  const result = JSON.parse(stdout);
  const answered = result['2xx'] + result.non2xx;
  return {
    cpuMicros: ((cpuSeconds(server) - cpuBefore) / answered) * 1e6,
    requestsPerSecond: result['2xx'] / result.duration,
    meanMs: (connections * result.duration * 1000) / answered,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
    answered,
  };
}

const number = (value: number | undefined, digits: number, width: number): string =>
  (value?.toFixed(digits) ?? '-').padStart(width);

function line({ rows, connections }: Plan, ours: Load, echo: Load, azure: Load | undefined): string {
  return [
    number(rows, 0, 4),
    number(connections, 0, 11),
    number(azure?.requestsPerSecond, 0, 11),
    number(echo.requestsPerSecond, 0, 8),
    number(ours.requestsPerSecond, 0, 8),
    number(azure && ours.requestsPerSecond / azure.requestsPerSecond, 1, 13),
    number(ours.requestsPerSecond / echo.requestsPerSecond, 2, 9),
    number(azure?.meanMs, 2, 12),
    number(ours.meanMs, 2, 7),
    number(azure?.cpuMicros, 0, 11),
    number(echo.cpuMicros, 0, 6),
    number(ours.cpuMicros, 0, 6),
    number(azure && azure.cpuMicros / ours.cpuMicros, 1, 13),
    number(echo.cpuMicros / ours.cpuMicros, 2, 7),
    number(ours.failed, 0, 6),
  ].join('  ');
}

const host = await startHost(modelPath);
const readySeconds = cpuSeconds(host);
const echo = await startEcho();
const azure = await startAzureServer(modelPath, 'lean');
const peer = typeof azure === 'string' ? undefined : azure;
try {
  const machine = `${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`;
  const readyCpu = (readySeconds * 1000).toFixed(0);
  console.log(`${modelPath.split('/').at(-1)}, ${seconds} s a measurement; ${machine}`);
  console.log(`Ready in ${host.readyMs.toFixed(0)} ms, of which ${readyCpu} ms processor time`);
  console.log(`Evaluated by: ${host.evaluation}`);
  if (typeof azure === 'string') console.log(`azmlinfsrv is left out: ${azure}.`);
  console.log(
    '\n                     requests/s                     ratio                    mean ms              µs cpu a request',
  );
  console.log(
    'rows  connections   azmlinfsrv      echo   scoring  to azmlinfsrv    to echo    azmlinfsrv  scoring   azmlinfsrv    echo  scoring  to azmlinfsrv  to echo  failed',
  );
  for (const server of [echo, host, peer])
    if (server !== undefined) await load(server, { rows: 1, connections: 16, duration: 2 });
  let atMost = 0;
  for (const rows of [1, 100]) {
    for (const connections of rows === 1 ? [1, 16, 64] : [64]) {
      const plan = { rows, connections };
      const theirs = peer && (await load(peer, plan));
      const bare = await load(echo, plan);
      const ours = await load(host, plan);
      if (rows === 1) atMost = ours.requestsPerSecond;
      console.log(line(plan, ours, bare, theirs));
    }
  }
  peer?.stop();
  const automl = await startAzureServer(modelPath, 'automl');
  if (typeof automl !== 'string') {
    const plan = { rows: 1, connections: 16 };
    await load(automl, { ...plan, duration: 2 });
    const { requestsPerSecond, cpuMicros } = await load(automl, plan);
    automl.stop();
    const figures = `${requestsPerSecond.toFixed(0)} requests/s, ${cpuMicros.toFixed(0)} µs cpu a request`;
    console.log(`\nazmlinfsrv with a script as AutoML generates it, 1 row, 16 connections: ${figures}`);
  }
  const before = memoryMB(host).now;
  const half = await load(host, { rows: 1, connections: 64, rate: atMost / 2, duration: seconds * 2 });
  const { now, peak } = memoryMB(host);
  console.log(`\nat half of the most requests a second: p50 ${half.p50} ms, p99 ${half.p99} ms`);
  console.log(
    `memory of the host: ${before.toFixed(0)} MB, ${now.toFixed(0)} MB after ${half.answered} requests more, peak ${peak.toFixed(0)} MB`,
  );
} finally {
  for (const server of [host, echo, peer]) server?.stop();
}
