/** One process that runs a scoring script and answers one request at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { MalachiteError } from '@malachite/core/errors';
import { processEnd } from '../process-end.ts';
import { encodeFrame, type Frame, frameReader } from './frames.ts';
import type { Interpreter } from './interpreter.ts';
import type { FromScript, ScriptAnswered, ScriptProbe, ScriptReady, ScriptRequest } from './messages.ts';
import { outputLines } from './output-lines.ts';

export interface ScriptProcess {
  readonly pid: number;
  /** Settles after `init()`. @throws Failed when the script cannot serve, in words for its author */
  readonly ready: Promise<ScriptReady>;
  /** Settles when the process is gone: `ended with exit code 3`. */
  readonly ended: Promise<string>;
  /** The answer and its body; undefined when the process ended instead. One call at a time. */
  ask(request: Omit<ScriptRequest, 'id'>, body: Buffer): Promise<{ answered: ScriptAnswered; body: Buffer } | undefined>;
  /** Settles when the script shows that it is not stuck; it does so between two requests. */
  probe(): Promise<void>;
  /** Ends it and what it started, at once. */
  kill(): void;
  /** Lets it end by itself, for two seconds. */
  stop(): Promise<void>;
}

export interface ScriptProcessOptions {
  readonly interpreter: Interpreter;
  /** Where it runs. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** For `init()`, in milliseconds. */
  readonly startTimeoutMs: number;
  /** Receives what the script prints, line by line. */
  readonly onLine: (line: string) => void;
}

const STOP_MS = 2_000;
const NO_BYTES = Buffer.alloc(0);

export function startScriptProcess({ interpreter, folder, env, startTimeoutMs, onLine }: ScriptProcessOptions): ScriptProcess {
  const { command, args } = interpreter;
  const child = spawn(command, args, {
    cwd: folder,
    env,
    // A session of its own: Ctrl-C is for the server, and what the script starts ends with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const channel = child.stdio[3] as Socket;
  const flushes = [child.stdout, child.stderr].map((stream) => outputLines(stream as Readable, onLine));
  const ready = Promise.withResolvers<ScriptReady>();
  ready.promise.catch(() => {});
  let asked: ((answer: { answered: ScriptAnswered; body: Buffer } | undefined) => void) | undefined;
  let lastId = 0;
  let probed = Promise.withResolvers<void>();
  let isProbed = false;

  const settle = (answer: { answered: ScriptAnswered; body: Buffer } | undefined): void => {
    const resolve = asked;
    asked = undefined;
    resolve?.(answer);
  };
  const hear = ({ head, body }: Frame): void => {
    const message = head as FromScript;
    if (message.type === 'ready') ready.resolve(message);
    else if (message.type === 'failed')
      ready.reject(new MalachiteError('Failed', `The scoring script does not start: ${message.message}`));
    else if (message.type === 'alive') {
      isProbed = false;
      probed.resolve();
    } else if (message.id === lastId) settle({ answered: message, body });
  };
  const read = frameReader();
  channel.on('data', (chunk: Buffer) => {
    try {
      for (const frame of read(chunk)) hear(frame);
    } catch (error) {
      onLine((error as Error).message);
      kill();
    }
  });
  // A channel that breaks says nothing that the end of the process does not say.
  channel.on('error', () => {});

  const kill = (): void => killGroup(child);
  const slow = setTimeout(() => {
    ready.reject(new MalachiteError('Timeout', `The scoring script's init() took longer than ${startTimeoutMs} ms.`));
    kill();
  }, startTimeoutMs);
  ready.promise.then(
    () => clearTimeout(slow),
    () => clearTimeout(slow),
  );
  preferredVictim(child.pid);

  child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
    const why = code === 'ENOENT' ? 'is not there' : `cannot be started (${message})`;
    ready.reject(new MalachiteError('InvalidInput', `"${command}" ${why}; name an interpreter, or a virtual environment.`));
  });
  const ended = processEnd(child).then((words) => {
    for (const flush of flushes) flush();
    killGroup(child);
    ready.reject(
      new MalachiteError('Failed', `The process of the scoring script ${words} before it was ready; its log says why.`),
    );
    settle(undefined);
    return words;
  });

  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    ended,
    ask(request, body) {
      const { promise, resolve } = Promise.withResolvers<{ answered: ScriptAnswered; body: Buffer } | undefined>();
      asked = resolve;
      for (const part of encodeFrame({ ...request, id: ++lastId }, body)) if (part.length > 0) channel.write(part);
      // One that ended a moment ago will not say so again.
      if (child.exitCode !== null || child.signalCode !== null) void ended.then(() => settle(undefined));
      return promise;
    },
    probe() {
      probed = Promise.withResolvers();
      // One that has not been answered yet is not asked twice.
      if (!isProbed)
        for (const part of encodeFrame({ probe: true } satisfies ScriptProbe, NO_BYTES)) if (part.length > 0) channel.write(part);
      isProbed = true;
      return probed.promise;
    },
    kill,
    async stop() {
      channel.end();
      const late = setTimeout(kill, STOP_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** When memory runs out the kernel ends the script, not the server. Linux alone has this. */
function preferredVictim(pid: number | undefined): void {
  if (pid !== undefined) writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => {});
}
