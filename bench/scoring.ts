/**
 * Scoring beside Azure's own inference server and a bare fastify echo of the same payload, in one run on one machine.
 *
 *     node bench/scoring.ts [MODEL.onnx] [SECONDS]
 *     node bench/scoring.ts --million [MODEL.onnx]
 *
 * Servers and load generator (wrk where it is installed, else autocannon) are processes of their own. Ours has everything on: key check,
 * ids, headers, request rows. The model is the real voting ensemble of ../shared when that is there, else a fixture. Azure's server has two
 * workers and the leanest script (`scoring_azmlinfsrv.py`); with a script as AutoML generates it, over pandas, it is told in a line of its
 * own. Ends with the bars: 1 when one is missed. With `--million`, only our memory over a million requests.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { servable } from '../packages/onnx/src/index.ts';
import { exampleRow } from '../packages/scoring/src/index.ts';
import { type Bar, barLines } from './scoring-bars.ts';
import { generator, type Load, load, partialLoad } from './scoring-load.ts';
import { million } from './scoring-million.ts';
import { cpuSeconds, memoryMB, type Server, startAzureServer, startEcho, startHost } from './scoring-servers.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { million: { type: 'boolean' } } });
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const real = here('../../shared/models/bankmarketing_votingensemble.onnx');
const modelPath = positionals[0] || (existsSync(real) ? real : here('../fixtures/models/loans.onnx'));
const seconds = Number(positionals[1] ?? 3);
/** Servers take turns; of each the middle one counts. */
const rounds = 5;

const row = exampleRow(servable(readFileSync(modelPath)).signature);
const body = (rows: number): string => JSON.stringify({ data: Array.from({ length: rows }, () => row) });

/** What was measured on one plan. */
interface Measured {
  readonly ours: Load;
  readonly echo: Load;
  readonly azure: Load | undefined;
}

const shapes = [
  { rows: 1, connections: 1 },
  { rows: 1, connections: 16 },
  { rows: 1, connections: 64 },
  { rows: 100, connections: 64 },
] as const;

const number = (value: number | undefined, digits: number, width: number): string =>
  (value?.toFixed(digits) ?? '-').padStart(width);

function line({ rows, connections }: (typeof shapes)[number], { ours, echo, azure }: Measured): string {
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

async function compare(): Promise<readonly Bar[]> {
  const host = await startHost(modelPath);
  const readyCpu = (cpuSeconds(host) * 1000).toFixed(0);
  const echo = await startEcho();
  const azure = await startAzureServer(modelPath, 'lean');
  const peer = typeof azure === 'string' ? undefined : azure;
  try {
    const machine = `${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`;
    console.log(`${modelPath.split('/').at(-1)}, medians of ${rounds} times ${seconds} s by ${generator}; ${machine}`);
    console.log(`Ready in ${host.readyMs.toFixed(0)} ms, of which ${readyCpu} ms processor time`);
    console.log(`Evaluated by: ${host.evaluation}`);
    if (typeof azure === 'string') console.log(`azmlinfsrv is left out: ${azure}.`);
    console.log(
      '\n                     requests/s                     ratio                    mean ms              µs cpu a request',
    );
    console.log(
      'rows  connections   azmlinfsrv      echo   scoring  to azmlinfsrv    to echo    azmlinfsrv  scoring   azmlinfsrv    echo  scoring  to azmlinfsrv  to echo  failed',
    );
    for (const server of [echo, host, peer]) {
      if (server === undefined) continue;
      await load(server, { body: body(1), connections: 16, seconds: 2 });
      await load(server, { body: body(100), connections: 16, seconds: 2 });
    }
    const measured = new Map<string, Measured>();
    for (const shape of shapes) {
      const plan = { body: body(shape.rows), connections: shape.connections, seconds };
      const loads = { azure: [] as Load[], echo: [] as Load[], ours: [] as Load[] };
      for (let round = 0; round < rounds; round++) {
        if (peer) loads.azure.push(await load(peer, plan));
        loads.echo.push(await load(echo, plan));
        loads.ours.push(await load(host, plan));
      }
      const found = { azure: peer && middle(loads.azure), echo: middle(loads.echo), ours: middle(loads.ours) };
      measured.set(`${shape.rows} x ${shape.connections}`, found);
      console.log(line(shape, found));
    }
    peer?.stop();
    await tellOfPandas();
    const most = measured.get('1 x 64')?.ours.requestsPerSecond ?? 0;
    const half = { host: [] as Load[], echo: [] as Load[] };
    for (let round = 0; round < rounds; round++) {
      half.host.push(await partialLoad(host, { body: body(1), connections: 64, seconds }, most / 2));
      half.echo.push(await partialLoad(echo, { body: body(1), connections: 64, seconds }, most / 2));
    }
    const { now, peak } = memoryMB(host);
    console.log('');
    // The generator shares the cores: what the echo shows at the same rate is the machine's own tail.
    for (const [name, loads] of Object.entries(half))
      for (const { requestsPerSecond, p50, p99 } of loads)
        console.log(`half load, ${name}: ${requestsPerSecond.toFixed(0)}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`);
    console.log(`memory of the host: ${now.toFixed(0)} MB, peak ${peak.toFixed(0)} MB`);
    return bars(measured, half.host, peak, host.readyMs);
  } finally {
    for (const server of [host, echo, peer]) server?.stop();
  }
}

/** Azure's server with the kind of script that most people have. */
async function tellOfPandas(): Promise<void> {
  const azure: Server | string = await startAzureServer(modelPath, 'automl');
  if (typeof azure === 'string') return;
  const plan = { body: body(1), connections: 16 };
  await load(azure, { ...plan, seconds: 2 });
  const { requestsPerSecond, cpuMicros } = await load(azure, { ...plan, seconds });
  azure.stop();
  const figures = `${requestsPerSecond.toFixed(0)} requests/s, ${cpuMicros.toFixed(0)} µs cpu a request`;
  console.log(`\nazmlinfsrv with a script as AutoML generates it, 1 row, 16 connections: ${figures}`);
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The load of median throughput, with the failures of all. */
function middle(loads: readonly Load[]): Load {
  const sorted = loads.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  return { ...(sorted[Math.floor(sorted.length / 2)] as Load), failed: loads.reduce((sum, { failed }) => sum + failed, 0) };
}

/** The bars of the project. Those against a server that is left out have nothing to be compared with. */
function bars(measured: ReadonlyMap<string, Measured>, half: readonly Load[], peakMB: number, readyMs: number): Bar[] {
  const to = (plan: string, of: 'azure' | 'echo', figure: (load: Load) => number): number | undefined => {
    const { ours, [of]: other } = measured.get(plan) as Measured;
    return other && figure(ours) / figure(other);
  };
  const rate = ({ requestsPerSecond }: Load): number => requestsPerSecond;
  const latency = ({ meanMs }: Load): number => meanMs;
  return [
    { name: '1 row, 64 connections, to azmlinfsrv', found: to('1 x 64', 'azure', rate), atLeast: 14, aim: 20 },
    { name: '1 row, 64 connections, to the echo', found: to('1 x 64', 'echo', rate), atLeast: 0.6, aim: 0.8 },
    { name: '1 row, 16 connections, to azmlinfsrv', found: to('1 x 16', 'azure', rate), atLeast: 8, aim: 10 },
    { name: '1 row, 1 connection, latency to azmlinfsrv', found: to('1 x 1', 'azure', latency), atMost: 1 / 3 },
    { name: '100 rows, 64 connections, to azmlinfsrv', found: to('100 x 64', 'azure', rate), atLeast: 1.4, aim: 3 },
    { name: 'p99 to p50 at half load, median', found: median(half.map(({ p50, p99 }) => p99 / p50)), atMost: 5 },
    { name: 'memory of the host, MB', found: peakMB, atMost: 300 },
    { name: 'ready, ms', found: readyMs, atMost: 1000 },
    {
      name: 'failed requests',
      found: [...half, ...[...measured.values()].map(({ ours }) => ours)].reduce((sum, { failed }) => sum + failed, 0),
      atMost: 0,
    },
  ];
}

if (values.million) await million(modelPath, body(1));
else {
  const found = await compare();
  const { lines, missed } = barLines(found);
  console.log(`\n${lines.join('\n')}`);
  process.exitCode = missed === 0 ? 0 : 1;
}
