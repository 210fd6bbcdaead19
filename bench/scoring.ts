/**
 * Scoring throughput as a ratio to a bare fastify echo of the same payload, in the same run on the same machine.
 *
 *     node bench/scoring.ts [MODEL.onnx] [SECONDS]
 *
 * Server, echo and load generator (autocannon) are processes of their own. The server has everything on: key check, ids, headers,
 * request rows. The model is the real voting ensemble of ../shared when that is there, else a fixture.
 */
import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { servable } from '../packages/onnx/src/index.ts';
import { exampleRow, type FromHost, hostEntry, type ToHost } from '../packages/scoring/src/index.ts';

interface Load {
  requestsPerSecond: number;
  meanMs: number;
  p99: number;
  failed: number;
  /** Processor time that the server spent on a request: the figure to trust on a machine that does other things too. */
  cpuMicros: number;
}

interface Server {
  child: ChildProcess;
  port: number;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const real = here('../../shared/models/bankmarketing_votingensemble.onnx');
const modelPath = process.argv[2] || (existsSync(real) ? real : here('../fixtures/models/loans.onnx'));
const seconds = Number(process.argv[3] ?? 5);
const autocannon = createRequire(import.meta.resolve('../packages/malachite/package.json')).resolve('autocannon');
const key = 'bench-key';

const row = exampleRow(servable(readFileSync(modelPath)).signature);
const body = (rows: number): string => JSON.stringify({ data: Array.from({ length: rows }, () => row) });

/** Sends one payload for some seconds. Connections are kept alive, one request at a time on each. */
async function load({ child, port }: Server, connections: number, payload: string, duration = seconds): Promise<Load> {
  const cpuBefore = cpuSeconds(child.pid);
  const flags = ['-j', '-n', '-c', String(connections), '-d', String(duration), '-m', 'POST', '-b', payload];
  const headers = ['-H', 'content-type=application/json', '-H', `authorization=Bearer ${key}`];
  const url = `http://127.0.0.1:${port}/score`;
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...flags, ...headers, url], { maxBuffer: 2 ** 26 });
  const result = JSON.parse(stdout);
  const answered = result['2xx'] + result.non2xx;
  return {
    cpuMicros: ((cpuSeconds(child.pid) - cpuBefore) / answered) * 1e6,
    requestsPerSecond: result['2xx'] / result.duration,
    meanMs: result.latency.average,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}

async function startHost(): Promise<Server & { readyMs: number }> {
  const started = performance.now();
  const child = fork(hostEntry, { execArgv: [] });
  const deployments = [{ name: 'blue', modelPath, traffic: 100 }];
  child.send({ type: 'start', id: 1, port: 0, keys: { primary: key, secondary: 'other' }, deployments } satisfies ToHost);
  for (;;) {
    const [message] = (await once(child, 'message')) as [FromHost];
    if (message.type === 'ready') return { child, port: message.port, readyMs: performance.now() - started };
    if (message.type === 'failed') throw new Error(message.error.message);
  }
}

async function startEcho(): Promise<Server> {
  const child = spawn(process.execPath, [here('./scoring-echo.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(line.toString()) };
}

/** User and system time of a process, from Linux's /proc; NaN elsewhere. */
function cpuSeconds(pid: number | undefined): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMB(pid: number | undefined): string {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return peak === undefined ? '?' : (Number(peak) / 1024).toFixed(0);
}

const host = await startHost();
const echo = await startEcho();
try {
  console.log(`${modelPath.split('/').at(-1)}, ready in ${host.readyMs.toFixed(0)} ms, ${seconds} s a measurement\n`);
  console.log(
    'rows  connections      echo/s   scoring/s   ratio    mean ms   p99 ms  failed   µs cpu a request: echo, scoring, ratio',
  );
  await load(echo, 16, body(1), 2);
  await load(host, 16, body(1), 2);
  for (const rows of [1, 100]) {
    for (const connections of rows === 1 ? [1, 16, 64] : [64]) {
      const peer = await load(echo, connections, body(rows));
      const ours = await load(host, connections, body(rows));
      const cells = [
        String(rows).padStart(4),
        String(connections).padStart(11),
        peer.requestsPerSecond.toFixed(0).padStart(10),
        ours.requestsPerSecond.toFixed(0).padStart(10),
        (ours.requestsPerSecond / peer.requestsPerSecond).toFixed(2).padStart(6),
        ours.meanMs.toFixed(2).padStart(8),
        ours.p99.toFixed(2).padStart(8),
        String(ours.failed).padStart(6),
        peer.cpuMicros.toFixed(1).padStart(23),
        ours.cpuMicros.toFixed(1).padStart(7),
        (peer.cpuMicros / ours.cpuMicros).toFixed(2).padStart(5),
      ];
      console.log(cells.join('  '));
    }
  }
  console.log(`\nhost's peak memory: ${memoryMB(host.child.pid)} MB`);
} finally {
  host.child.kill();
  echo.child.kill();
}
