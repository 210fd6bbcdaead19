/** The servers that `scoring.ts` compares, each a process of its own: ours, a bare echo, and Azure's own inference server. */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type FromHost, hostEntry, scoringFlags, type ToHost } from '../packages/scoring/src/index.ts';
import { openListener } from '../packages/scoring/src/listener/listener.ts';

export interface Server {
  readonly name: string;
  readonly port: number;
  /** The processes that do the work. */
  pids(): number[];
  stop(): void;
}

export const key = 'bench-key';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A scoring host as an endpoint has it, behind its listener, with key check, ids, headers and request rows. */
export async function startHost(modelPath: string): Promise<Server & { readyMs: number; evaluation: string }> {
  const started = performance.now();
  const listener = await openListener({ port: 0 });
  const child = fork(hostEntry, { execArgv: [...scoringFlags], stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'] });
  const deployments = [{ name: 'blue', modelPath, traffic: 100 }];
  child.send({ type: 'start', id: 1, keys: { primary: key, secondary: 'other' }, deployments } satisfies ToHost);
  let evaluation = '';
  await new Promise<void>((resolve, reject) => {
    child.on('message', (message: FromHost) => {
      if (message.type === 'log')
        evaluation ||= /Evaluated by: (.*)/.exec(message.lines.map(({ text }) => text).join('\n'))?.[1] ?? '';
      if (message.type === 'failed') reject(new Error(message.error.message));
      if (message.type === 'ready') resolve();
    });
  });
  listener.attach(child);
  const stop = (): void => {
    listener.close();
    child.kill();
  };
  return { ...server('scoring', child, listener.port), stop, readyMs: performance.now() - started, evaluation };
}

/** The same payload parsed and sent back, nothing else: what a server in Node can do at most. */
export async function startEcho(): Promise<Server> {
  const child = spawn(process.execPath, [here('./scoring-echo.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return server('echo', child, Number(line.toString()));
}

const packages = ['azureml-inference-server-http', 'inference-schema', 'onnxruntime', 'pandas'];

/** A script of the kind that AutoML generates: `inference_schema` and pandas. */
const automlScript = here('../../shared/recordings/automl_script.py');
/** The same model without either: as fast as that server gets. */
const leanScript = here('./scoring_azmlinfsrv.py');

/**
 * `azmlinfsrv` with two workers: `$AZMLINFSRV` if set, else one installed from PyPI into a virtual environment in the folder for
 * temporary files.
 *
 * @returns why it is left out, when it is
 */
export async function startAzureServer(modelPath: string, kind: 'automl' | 'lean'): Promise<Server | string> {
  const script = kind === 'lean' ? leanScript : automlScript;
  if (!existsSync(script)) return 'it has no scoring script: ../shared is not there';
  const venv = `${tmpdir()}/malachite-azmlinfsrv`;
  const program = process.env.AZMLINFSRV ?? `${venv}/bin/azmlinfsrv`;
  if (!existsSync(program)) {
    console.log('Installing azmlinfsrv …');
    if (spawnSync('python3', ['-m', 'venv', venv]).status !== 0) return 'python3 with venv is needed to install it';
    if (spawnSync(`${venv}/bin/pip`, ['install', '--quiet', ...packages]).status !== 0)
      return 'it could not be installed from PyPI';
  }
  const port = await freePort();
  const child = spawn(program, ['--entry_script', script, '--port', String(port)], {
    env: { ...process.env, MODEL: modelPath, WORKER_COUNT: '2', AZUREML_ENTRY_SCRIPT: script, OMP_NUM_THREADS: '1' },
    stdio: 'ignore',
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) return `${program} does not start`;
  const azure = {
    ...server('azmlinfsrv', child, port),
    stop: () => void (child.exitCode === null && child.signalCode === null && process.kill(-pid, 'SIGKILL')),
  };
  for (const until = performance.now() + 60_000; performance.now() < until; ) {
    if (child.exitCode !== null) return `it ended with ${child.exitCode}`;
    const isReady = await fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return azure;
  }
  azure.stop();
  return 'it was not ready within a minute';
}

function server(name: string, child: ChildProcess, port: number): Server {
  return { name, port, pids: () => family(child.pid as number), stop: () => void child.kill() };
}

/** A process and all that it started, from Linux's /proc. */
function family(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean) : [];
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

/** User and system time of a server, in seconds; NaN where there is no /proc. */
export function cpuSeconds(of: Server): number {
  let ticks = 0;
  for (const pid of of.pids()) {
    const path = `/proc/${pid}/stat`;
    if (!existsSync(path)) return Number.NaN;
    const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

/** Memory in MB, now and at its peak. */
export function memoryMB(of: Server): { now: number; peak: number } {
  const read = (name: string): number =>
    of.pids().reduce((sum, pid) => {
      const path = `/proc/${pid}/status`;
      const status = existsSync(path) ? readFileSync(path, 'utf8') : '';
      return sum + Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024;
    }, 0);
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
