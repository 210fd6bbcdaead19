/**
 * A thread that answers long requests beside this one, by the same code over a compiled model of its own: the same bytes come out. So
 * both processors work, and a lone row does not wait behind a thousand others.
 *
 * It is started by the first long request, and does not decide anything: what it refuses, for whatever reason, is answered here.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Answer, ScoringCall } from '../call.ts';
import type { FromThread, ThreadCall } from './messages.ts';

export interface SecondThread {
  /** Answers a call there or here. @param here answers it in this thread */
  share(call: ScoringCall, here: () => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

/** Bytes of a body that take longer to answer than to hand over. */
const LONG = 8192;

/** @param bytes an ONNX file that compiles and is proved. @returns undefined where there is one processor only */
export function secondThread(bytes: Uint8Array): SecondThread | undefined {
  if (availableParallelism() < 2) return undefined;
  const calls = new Map<number, (answer: Answer | undefined) => void>();
  let worker: Worker | undefined;
  let isReady = false;
  let lastId = 0;
  /** Bytes of the long bodies that wait for their answers on either side: who has less gets the next. */
  const waiting = { here: 0, there: 0 };

  const start = (): Worker => {
    const started = new Worker(new URL('./run-second-thread.ts', import.meta.url), { workerData: bytes });
    started.unref();
    started.on('message', (message: FromThread) => {
      if (message.type === 'ready') isReady = true;
      else {
        calls.get(message.id)?.(message.answer);
        calls.delete(message.id);
      }
    });
    // A thread that fails is not started again: whatever it died of, a bug or a lack of memory, would come again.
    started.on('error', () => {
      isReady = false;
    });
    started.on('exit', () => {
      isReady = false;
      for (const resolve of calls.values()) resolve(undefined);
      calls.clear();
    });
    return started;
  };

  /** @returns undefined for what it refuses */
  const ask = ({ route, contentType, jsonLength, named }: ScoringCall, body: Buffer): Promise<Answer | undefined> => {
    const id = ++lastId;
    const copy = new Uint8Array(body);
    const message: ThreadCall = { id, call: { route, contentType, jsonLength, named }, body: copy };
    return new Promise((resolve) => {
      calls.set(id, resolve);
      worker?.postMessage(message, [copy.buffer]);
    });
  };

  const shareLong = async (call: ScoringCall, body: Buffer, here: () => Promise<Answer>): Promise<Answer> => {
    worker ??= start();
    const side = isReady && waiting.there <= waiting.here ? 'there' : 'here';
    waiting[side] += body.length;
    try {
      return (side === 'there' ? await ask(call, body) : undefined) ?? (await here());
    } finally {
      waiting[side] -= body.length;
    }
  };

  return {
    share(call, here) {
      const { body } = call;
      return Buffer.isBuffer(body) && body.length >= LONG ? shareLong(call, body, here) : here();
    },
    async close() {
      await worker?.terminate();
    },
  };
}
