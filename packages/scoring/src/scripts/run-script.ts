/**
 * What is started for `score.ts` and `score.js`: the counterpart of `python/start.py`. `run(data, headers)` gets the body as text, as an
 * undecorated `run` in Python does; it may return a value for JSON, a promise of one, or a `Response` of its own.
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { Worker } from 'node:worker_threads';
import { logLine } from '../log-lines.ts';
import { encodeFrame, type Frame, frameReader } from './frames.ts';
import type { FromScript, ScriptAnswered, ScriptProbe, ScriptRequest } from './messages.ts';
import { queryValues } from './query-values.ts';

type Run = (data: string, headers: Readonly<Record<string, string>>) => unknown;

const SCRIPT_FAILED = 'An unexpected error occurred in scoring script. Check the logs for more info.';
const { AML_APP_ROOT = '', AZUREML_ENTRY_SCRIPT = '', SCORING_TIMEOUT_MS } = process.env;
const timeoutMs = Number(SCORING_TIMEOUT_MS);
const late = new Error(`Longer than ${timeoutMs} ms.`);
const JSON_HEADERS: ScriptAnswered['headers'] = [['content-type', 'application/json']];
const NO_BYTES = Buffer.alloc(0);
const channel = new Socket({ fd: 3 });

for (const level of ['log', 'info', 'debug'] as const) console[level] = (...values) => log('I', format(...values));
for (const level of ['warn', 'error'] as const) console[level] = (...values) => log('E', format(...values));
endWithOwner();

const run = await load().catch(async (error: unknown) => {
  console.error('The script does not start.\n%s', error instanceof Error ? error.stack : error);
  await send({ type: 'failed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  process.exit(3);
});
await send({ type: 'ready', schemas: null });

const read = frameReader();
let queue = Promise.resolve();
channel.on('data', (chunk: Buffer) => {
  for (const frame of read(chunk)) queue = queue.then(() => answer(frame));
});
channel.on('end', () => process.exit(0));

async function load(): Promise<Run> {
  const imported = (await import(pathToFileURL(resolve(AML_APP_ROOT, AZUREML_ENTRY_SCRIPT)).href)) as Record<string, unknown>;
  // A CommonJS script exports one object.
  const script = { ...(imported.default as object | undefined), ...imported } as { init?: unknown; run?: unknown };
  if (typeof script.init !== 'function') throw new Error('The script exports no init() function.');
  if (typeof script.run !== 'function') throw new Error('The script exports no run() function.');
  await script.init();
  return script.run as Run;
}

async function answer({ head, body }: Frame): Promise<void> {
  if ('probe' in (head as ScriptProbe | ScriptRequest)) return await send({ type: 'alive' });
  const request = head as ScriptRequest;
  const started = performance.now();
  const write = (told: Omit<ScriptAnswered, 'type' | 'id' | 'runMs'>, bytes: Buffer): Promise<void> =>
    send({ ...told, type: 'answer', id: request.id, runMs: performance.now() - started }, bytes);
  try {
    const data = request.method === 'GET' ? JSON.stringify(queryValues(request.query)) : body.toString('utf8');
    const output = await inTime(run(data, Object.fromEntries(request.headers)));
    if (output instanceof Response) {
      const bytes = Buffer.from(await output.arrayBuffer());
      await write({ status: output.status, headers: [...output.headers], failed: output.status >= 500, ran: true }, bytes);
    } else {
      await write({ status: 200, headers: JSON_HEADERS, failed: false, ran: true }, Buffer.from(JSON.stringify(output ?? {})));
    }
  } catch (error) {
    console.error('run() failed.\n%s', error instanceof Error ? error.stack : error);
    const message = error === late ? `Scoring timeout after ${timeoutMs} ms` : SCRIPT_FAILED;
    await write({ status: 500, headers: JSON_HEADERS, failed: true, ran: false }, Buffer.from(JSON.stringify({ message })));
  }
}

/** The result, unless it is not there in time. A run that never yields is ended by the server. */
async function inTime(output: unknown): Promise<unknown> {
  const timer = new AbortController();
  const alarm = delay(timeoutMs, late, { signal: timer.signal }).then(() => Promise.reject(late));
  alarm.catch(() => {});
  try {
    return await Promise.race([output, alarm]);
  } finally {
    timer.abort();
  }
}

async function send(head: FromScript, body: Buffer = NO_BYTES): Promise<void> {
  for (const part of encodeFrame(head, body)) if (part.length > 0 && !channel.write(part)) await once(channel, 'drain');
}

function log(level: 'I' | 'E', text: string): void {
  process.stderr.write(`${logLine(Date.now(), level, text)}\n`);
}

/** A run that never yields must not outlive a server that was killed: a thread of its own notices. */
function endWithOwner(): void {
  const source = `
    const { workerData: owner } = require('node:worker_threads');
    setInterval(() => { if (process.ppid !== owner) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
  // Who the owner is, is asked here: the thread may begin after the owner's end.
  new Worker(source, { eval: true, workerData: process.ppid }).unref();
}
