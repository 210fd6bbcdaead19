/** Load on an HTTP endpoint: autocannon's connections, our own percentiles (its histogram counts whole milliseconds). */
import autocannon from 'autocannon';

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

export type LoadResult = {
  readonly seconds: number;
  /** Answers that came, whatever their status. */
  readonly requests: number;
  /** No answer: connection errors and timeouts. */
  readonly errors: number;
  /** Answers whose status is no 2xx, and how often each status came. */
  readonly non2xx: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly requestsPerSecond: number;
  readonly bytes: number;
  /** Milliseconds, over all answers. */
  readonly latency: {
    readonly min: number;
    readonly mean: number;
    readonly max: number;
    readonly [percentile: `p${number}`]: number;
  };
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
  const sorted = Float64Array.from(latencies).sort();
  // autocannon's own duration is rounded up to its next tick.
  const seconds = (ended - began) / 1000;
  return {
    seconds,
    requests: sorted.length,
    errors: result.errors + result.timeouts,
    non2xx: result.non2xx,
    statuses,
    requestsPerSecond: seconds === 0 ? 0 : sorted.length / seconds,
    bytes: result.throughput.total,
    latency: {
      min: sorted[0] ?? 0,
      mean: sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length),
      max: sorted.at(-1) ?? 0,
      p50: percentile(sorted, 50),
      p75: percentile(sorted, 75),
      p90: percentile(sorted, 90),
      p95: percentile(sorted, 95),
      p99: percentile(sorted, 99),
      'p99.9': percentile(sorted, 99.9),
    },
  };
}

/** The nearest-rank percentile of ascending values; 0 of none. */
export function percentile(ascending: Float64Array, percent: number): number {
  return ascending[Math.max(0, Math.ceil((percent / 100) * ascending.length) - 1)] ?? 0;
}
