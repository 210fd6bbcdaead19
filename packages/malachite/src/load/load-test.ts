/** Load on an HTTP endpoint: autocannon's connections, our own percentiles (its histogram counts whole milliseconds). */
import autocannon from 'autocannon';
import { type LoadResult, loadResult } from './load-result.ts';

export type LoadOptions = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  /** Seconds; passed over when `requests` is given. */
  readonly duration: number;
  readonly requests: number | undefined;
  readonly signal: AbortSignal;
};

/** Closed loop: every connection sends its next request when the answer is there. */
export async function loadTest(options: LoadOptions): Promise<LoadResult> {
  const { url, headers, body, connections, duration, requests, signal } = options;
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const began = performance.now();
  let ended = began;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      {
        url,
        method: 'POST',
        headers: { ...headers },
        body,
        connections: requests === undefined ? connections : Math.min(connections, requests),
        ...(requests === undefined ? { duration } : { amount: requests }),
      },
      (error: Error | null, finished: autocannon.Result) => (error ? reject(error) : resolve(finished)),
    );
    load.on('response', (_client, status, _bytes, milliseconds) => {
      ended = performance.now();
      latencies.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
    signal.addEventListener('abort', () => load.stop(), { once: true });
  });
  // autocannon's own duration is rounded up to its next tick.
  const seconds = (ended - began) / 1000;
  return loadResult({ latencies, statuses, errors: result.errors + result.timeouts, bytes: result.throughput.total, seconds });
}
