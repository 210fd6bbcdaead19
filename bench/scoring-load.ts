/** Load on a scoring server from a process of its own, wrk where it is installed, else autocannon: as much as it answers, or part of that. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuSeconds, key, type Server } from './scoring-servers.ts';

export interface Load {
  readonly requestsPerSecond: number;
  /** Connections by answers a millisecond (Little's law): holds too for servers that close connections, which load generators time wrongly. */
  readonly meanMs: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that are no success, and requests without one. */
  readonly failed: number;
  readonly answered: number;
  /** Processor time that the server spent on a request: the figure to trust on a machine that does other things too. */
  readonly cpuMicros: number;
}

export interface Plan {
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

interface Measured extends Omit<Load, 'meanMs' | 'cpuMicros' | 'requestsPerSecond'> {
  /** For how long. */
  readonly seconds: number;
}

const run = promisify(execFile);
const autocannon = createRequire(import.meta.resolve('../packages/malachite/package.json')).resolve('autocannon');

/** `wrk -v` ends with 1, and says what it is. */
export const generator: 'wrk' | 'autocannon' = spawnSync('wrk', ['-v']).error === undefined ? 'wrk' : 'autocannon';

/** As many requests as the server answers. Connections are kept alive, one request at a time on each. */
export async function load(server: Server, plan: Plan): Promise<Load> {
  return await measure(server, plan.connections, () =>
    generator === 'wrk' ? byWrk(server.port, plan) : byAutocannon(server.port, plan, ['-d', String(plan.seconds)]),
  );
}

/** A number of requests, by autocannon. */
export async function loadOf(server: Server, requests: number, plan: Omit<Plan, 'seconds'>): Promise<Load> {
  return await measure(server, plan.connections, () => byAutocannon(server.port, plan, ['-a', String(requests)]));
}

/**
 * Part of what the server can answer: each connection waits a random while between an answer and its next request, as clients do. A
 * generator that spins until requests are due, or sends them in bursts, would measure its own hold on the processors.
 *
 * @param rate requests a second to come close to
 */
export async function partialLoad(server: Server, plan: Plan, rate: number): Promise<Load> {
  if (generator === 'autocannon') {
    const flags = ['-d', String(plan.seconds), '-R', String(Math.round(rate))];
    return await measure(server, plan.connections, () => byAutocannon(server.port, plan, flags));
  }
  const between = (1000 * plan.connections) / rate;
  let thinkMs = between;
  for (let tries = 0; tries < 2; tries++) {
    const { answered, seconds } = await byWrk(server.port, { ...plan, seconds: 1 }, thinkMs);
    thinkMs = Math.max(0.5, thinkMs + between - (1000 * plan.connections * seconds) / answered);
  }
  return await measure(server, plan.connections, () => byWrk(server.port, plan, thinkMs));
}

async function measure(server: Server, connections: number, send: () => Promise<Measured>): Promise<Load> {
  const before = cpuSeconds(server);
  const { seconds, ...measured } = await send();
  return {
    ...measured,
    requestsPerSecond: (measured.answered - measured.failed) / seconds,
    meanMs: (connections * seconds * 1000) / measured.answered,
    cpuMicros: ((cpuSeconds(server) - before) / measured.answered) * 1e6,
  };
}

async function byAutocannon(port: number, { body, connections }: Omit<Plan, 'seconds'>, until: string[]): Promise<Measured> {
  const flags = ['-j', '-n', '-c', String(connections), ...until, '-m', 'POST', '-b', body];
  const headers = ['-H', 'content-type=application/json', '-H', `authorization=Bearer ${key}`];
  const { stdout } = await run(process.execPath, [autocannon, ...flags, ...headers, urlOf(port)], { maxBuffer: 2 ** 26 });
  const { latency, duration, errors, non2xx, '2xx': ok } = JSON.parse(stdout);
  return { seconds: duration, answered: ok + non2xx, failed: non2xx + errors, p50: latency.p50, p99: latency.p99 };
}

/** @param thinkMs how long a connection waits before each request, on average; evenly spread from 0 to twice that */
async function byWrk(port: number, { body, connections, seconds }: Plan, thinkMs = 0): Promise<Measured> {
  const script = join(mkdtempSync(join(tmpdir(), 'scoring-')), 'score.lua');
  writeFileSync(
    script,
    `wrk.method = "POST"
wrk.body = [==[${body}]==]
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "Bearer ${key}"
${thinkMs > 0 ? `delay = function() return math.random(0, ${Math.round(2 * thinkMs)}) end` : ''}
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\n{\\"seconds\\": %f, \\"answered\\": %d, \\"failed\\": %d, \\"p50\\": %f, \\"p99\\": %f}\\n",
    summary.duration / 1e6, summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`,
  );
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, urlOf(port)]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Measured;
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}/score`;
