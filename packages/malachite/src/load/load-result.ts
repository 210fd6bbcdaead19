/** What a load test found, whatever made the load. */

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

/** What was seen: the milliseconds of each answer, and how often each status came. */
export type Seen = {
  readonly latencies: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly bytes: number;
  readonly seconds: number;
};

export function loadResult({ latencies, statuses, errors, bytes, seconds }: Seen): LoadResult {
  const sorted = Float64Array.from(latencies).sort();
  const good = Object.entries(statuses).reduce((sum, [status, count]) => sum + (status.startsWith('2') ? count : 0), 0);
  return {
    seconds,
    requests: sorted.length,
    errors,
    non2xx: sorted.length - good,
    statuses,
    requestsPerSecond: seconds === 0 ? 0 : sorted.length / seconds,
    bytes,
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
