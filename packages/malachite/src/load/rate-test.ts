/**
 * Load at a constant rate: requests are sent when they are due, whether or not the ones before are answered, as callers who do not know
 * of each other send them. Latency counts from the moment a request was due, so a server that stalls is charged with all who would have
 * asked meanwhile (coordinated omission; Gil Tene, "How NOT to Measure Latency").
 */
import { Agent, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { type LoadResult, loadResult } from './load-result.ts';
import type { LoadOptions } from './load-test.ts';

export type RateOptions = LoadOptions & {
  /** Requests a second. */
  readonly rate: number;
};

/** How long the last answers are waited for, in milliseconds. */
const LAST_ANSWERS_MS = 10_000;

/** @param options `connections` is how many there are at most; what is due while all are busy waits, and its wait counts. */
export async function rateTest({ rate, connections, duration, requests, signal, ...asked }: RateOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const total = requests ?? Math.round(rate * duration);
  const send = sender(asked, connections);
  const pending = new Set<Promise<void>>();
  let errors = 0;
  let bytes = 0;
  let sent = 0;
  const began = performance.now();
  let ended = began;

  const ask = (due: number): void => {
    const answered: Promise<void> = send.one().then(
      (answer) => {
        ended = performance.now();
        latencies.push(ended - due);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        bytes += answer.bytes;
      },
      () => void errors++,
    );
    pending.add(answered);
    void answered.then(() => pending.delete(answered));
  };

  while (sent < total && !signal.aborted) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate) + 1);
    for (; sent < due; sent++) ask(began + (sent / rate) * 1000);
    const next = began + (sent / rate) * 1000 - performance.now();
    await delay(Math.max(0, next), undefined, { signal }).catch(() => {});
  }
  const late = new AbortController();
  await Promise.race([Promise.all(pending), delay(LAST_ANSWERS_MS, undefined, { signal: late.signal }).catch(() => {})]);
  late.abort();
  // Who has not been answered by now fails, and is counted.
  send.close();
  await Promise.all(pending);
  return loadResult({ latencies, statuses, errors, bytes, seconds: (ended - began) / 1000 });
}

type Answer = { readonly status: number; readonly bytes: number };

function sender({ url, headers, body }: Pick<LoadOptions, 'url' | 'headers' | 'body'>, connections: number) {
  const isTls = url.startsWith('https:');
  const settings = { keepAlive: true, maxSockets: connections };
  const agent = isTls ? new TlsAgent(settings) : new Agent(settings);
  const open = new Set<{ destroy(): unknown }>();
  const options = { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } };
  return {
    one: () =>
      new Promise<Answer>((resolve, reject) => {
        const sent = (isTls ? tlsRequest : request)(url, options, (answer) => {
          let bytes = 0;
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes }));
          answer.on('error', reject);
        });
        open.add(sent);
        sent.on('error', reject);
        sent.on('close', () => open.delete(sent));
        sent.end(body);
      }),
    close(): void {
      for (const sent of open) sent.destroy();
      agent.destroy();
    },
  };
}
