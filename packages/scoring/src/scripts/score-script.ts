/**
 * A scoring script as a thing that answers: as many processes as asked for, requests dealt out to them, a process that ends or grows
 * replaced. Whatever the script does happens in its processes; here it is a line in the log.
 */
import { basename, dirname, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MalachiteError } from '@malachite/core/errors';
import { pauseBeforeStart } from '../supervision/restart-pause.ts';
import { defaultLiveness, type Probe, patienceOf, watchProbe } from '../workers/probe.ts';
import { type Interpreter, interpreterOf } from './interpreter.ts';
import { fairMemory, residentBytes } from './memory.ts';
import type { ScriptAnswered, ScriptReady, ScriptRequest } from './messages.ts';
import { scriptEnvironment } from './script-environment.ts';
import { type ScriptProcess, startScriptProcess } from './script-process.ts';

export interface ScoreScriptOptions {
  /** `score.py`, `score.ts` or `score.js`: `init()` and `run(data)`. */
  readonly path: string;
  /** `AML_APP_ROOT`, where the script is looked for and runs; its own folder. */
  readonly appRoot?: string;
  /** `AZUREML_MODEL_DIR`. */
  readonly modelDir?: string;
  /** For `.py`: an interpreter, or the folder of a virtual environment; `python3`. */
  readonly python?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** 1. Each answers one request at a time. */
  readonly processes?: number;
  /** For one request, `SCORING_TIMEOUT_MS`; an hour. */
  readonly timeoutMs?: number;
  /** For `init()`; as long as the liveness probe allows. */
  readonly startTimeoutMs?: number;
  /** A process that fails it, stuck in `run()` or `init()`, is replaced; Azure's default, which allows five minutes, or `timeoutMs`. */
  readonly livenessProbe?: Probe;
  /** A process that fails it gets no requests until it is well; none. */
  readonly readinessProbe?: Probe;
  /** Bytes that a process may hold before it is replaced (Linux); half of the machine's, shared. */
  readonly memoryLimit?: number;
  /** Receives what the scripts print, and what becomes of their processes. */
  readonly onLog: (line: string) => void;
}

export type ScriptAnswer = Omit<ScriptAnswered, 'type' | 'id'> & { readonly body: Buffer };

export interface ScoreScript {
  /** What the script says of itself after `init()`. */
  readonly described: Omit<ScriptReady, 'type'>;
  /** `AML_APP_ROOT`. */
  readonly appRoot: string;
  /**
   * Runs the script once. A script that fails answers 500, one that takes too long 500, one whose process ends 503.
   *
   * @throws Unavailable when no process can be started, TooManyRequests when too many wait, Canceled when the script is closed
   */
  run(request: Omit<ScriptRequest, 'id'>, body: Buffer): Promise<ScriptAnswer>;
  /** Ends the processes. */
  close(): Promise<void>;
}

interface Waiting {
  readonly request: Omit<ScriptRequest, 'id'>;
  readonly body: Buffer;
  readonly resolve: (answer: ScriptAnswer) => void;
  readonly reject: (error: MalachiteError) => void;
}

const MOST_WAITING = 2048;
const MEMORY_EVERY_MS = 500;
/** A busy process is let finish up to here, times its limit. */
const MEMORY_AT_ONCE = 1.5;
/** After a script's own alarm, before its process is ended. */
const GRACE_MS = 1_000;

/**
 * Starts a script and waits for its first `init()`.
 *
 * @throws InvalidInput for what is no script; Failed in words for its author when it does not start
 * @example
 * const script = await startScoreScript({ path: 'score.py', python: '.venv', modelDir: 'model', onLog: console.error });
 */
export async function startScoreScript(options: ScoreScriptOptions): Promise<ScoreScript> {
  const { processes = 1, timeoutMs = 3_600_000, readinessProbe, onLog } = options;
  const { livenessProbe = defaultLiveness(options.timeoutMs) } = options;
  const { startTimeoutMs = patienceOf(options.livenessProbe ?? {}) } = options;
  const { memoryLimit = fairMemory(processes) } = options;
  const path = resolve(options.path);
  const appRoot = resolve(options.appRoot ?? dirname(path));
  const interpreter: Interpreter = await interpreterOf(path, options.python);
  const env = scriptEnvironment({
    ...options.env,
    AML_APP_ROOT: appRoot,
    AZUREML_ENTRY_SCRIPT: relative(appRoot, path),
    AZUREML_MODEL_DIR: resolve(options.modelDir ?? appRoot),
    SCORING_TIMEOUT_MS: String(timeoutMs),
  });
  const closing = new AbortController();
  const alive = new Set<ScriptProcess>();
  const idle: ScriptProcess[] = [];
  const retiring = new Set<ScriptProcess>();
  /** Those that failed their readiness probe. */
  const unready = new Set<ScriptProcess>();
  /** Those that have a request. */
  const serving = new Set<ScriptProcess>();
  const waiting: Waiting[] = [];

  const start = (): ScriptProcess => {
    const started = startScriptProcess({ interpreter, folder: appRoot, env, startTimeoutMs, onLine: onLog });
    alive.add(started);
    void started.ended.then(() => alive.delete(started));
    return started;
  };

  /** It has nothing to do. */
  const rest = (process: ScriptProcess): void => {
    if (unready.has(process) || idle.includes(process)) return;
    idle.push(process);
    deal();
  };

  /** Its `init()` is done, so it is ready: no probe is waited for before it gets requests. */
  const watch = (process: ScriptProcess): void => {
    const over = new AbortController();
    void process.ended.then(() => over.abort());
    const target = { ask: () => process.probe(), signal: over.signal };
    const said = (probe: string, failures: number): string =>
      `The process ${process.pid} did not answer its ${probe} probe ${failures === 1 ? 'once' : `${failures} times`};`;
    void watchProbe(livenessProbe, {
      ...target,
      onWell() {},
      onUnwell(failures) {
        onLog(`${said('liveness', failures)} it is ended.`);
        process.kill();
      },
    });
    if (readinessProbe === undefined) return;
    void watchProbe(readinessProbe, {
      ...target,
      onWell() {
        // One that answers a probe is between two requests; its own request, if it has one, brings it back.
        if (unready.delete(process) && !serving.has(process)) rest(process);
      },
      onUnwell(failures) {
        unready.add(process);
        const at = idle.indexOf(process);
        if (at >= 0) idle.splice(at, 1);
        onLog(`${said('readiness', failures)} it gets no requests.`);
      },
    });
  };

  /** Gives the free process its next request, if there is one. */
  const deal = (): void => {
    while (waiting.length > 0) {
      const free = idle.pop();
      if (free === undefined) return;
      void serve(free, waiting.shift() as Waiting);
    }
  };

  const serve = async (process: ScriptProcess, { request, body, resolve }: Waiting): Promise<void> => {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      onLog(`run() did not end within ${timeoutMs} ms; its process ${process.pid} is ended.`);
      process.kill();
    }, timeoutMs + GRACE_MS);
    serving.add(process);
    const answer = await process.ask(request, body);
    serving.delete(process);
    clearTimeout(late);
    if (answer !== undefined) {
      const { type: _, id: __, ...answered } = answer.answered;
      resolve({ ...answered, body: answer.body });
      if (retiring.has(process)) process.kill();
      else rest(process);
    } else if (isLate) resolve(told(500, `Scoring timeout after ${timeoutMs} ms`));
    else resolve(told(503, 'The process of the scoring script ended before it had answered. Check the logs for more info.'));
  };

  /** Keeps one process of the pool alive: one that ends is followed by another. */
  const keep = async (first: ScriptProcess): Promise<void> => {
    let current = first;
    for (let failures = 0; ; ) {
      try {
        await current.ready;
        failures = 0;
        watch(current);
        rest(current);
      } catch (error) {
        failures++;
        onLog((error as Error).message);
        if (alive.size <= 1) refuseAll('Unavailable', (error as Error).message);
      }
      const how = await current.ended;
      const at = idle.indexOf(current);
      if (at >= 0) idle.splice(at, 1);
      retiring.delete(current);
      unready.delete(current);
      if (closing.signal.aborted) return;
      onLog(`The process ${current.pid} of ${basename(path)} ${how}; another is started.`);
      await delay(pauseBeforeStart(failures), undefined, { signal: closing.signal }).catch(() => {});
      if (closing.signal.aborted) return;
      current = start();
    }
  };

  const refuseAll = (code: 'Unavailable' | 'Canceled', message: string): void => {
    for (const { reject } of waiting.splice(0)) reject(new MalachiteError(code, message));
  };

  const watchMemory = async (): Promise<void> => {
    for (const each of alive) {
      const bytes = await residentBytes(each.pid);
      if (bytes === undefined || bytes <= memoryLimit) continue;
      const isIdle = idle.includes(each);
      if (!retiring.has(each))
        onLog(`The process ${each.pid} holds ${megabytes(bytes)} of ${megabytes(memoryLimit)}; it is replaced.`);
      retiring.add(each);
      if (isIdle || bytes > MEMORY_AT_ONCE * memoryLimit) each.kill();
    }
  };

  const first = Array.from({ length: processes }, start);
  const close = async (): Promise<void> => {
    clearInterval(memoryWatch);
    closing.abort();
    refuseAll('Canceled', 'The scoring script is being closed.');
    await Promise.all([...alive].map((each) => each.stop()));
  };
  const memoryWatch = setInterval(() => void watchMemory(), MEMORY_EVERY_MS).unref();
  let described: ScriptReady;
  try {
    [described] = (await Promise.all(first.map(({ ready }) => ready))) as [ScriptReady];
  } catch (error) {
    await close();
    throw error;
  }
  for (const each of first) void keep(each);

  return {
    described,
    appRoot,
    async run(request, body) {
      if (closing.signal.aborted) throw new MalachiteError('Canceled', 'The scoring script is closed.');
      if (waiting.length >= MOST_WAITING)
        throw new MalachiteError('TooManyRequests', `${MOST_WAITING} requests wait for the scoring script already.`);
      return await new Promise((resolve, reject) => {
        waiting.push({ request, body, resolve, reject });
        deal();
      });
    },
    close,
  };
}

function told(status: number, message: string): ScriptAnswer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { status, headers: [['content-type', 'application/json']], failed: true, ran: false, runMs: 0, body };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}
