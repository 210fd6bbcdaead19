/** What a load test of an endpoint has found. */
import type { LoadResult } from './load-result.ts';

export type Benchmark = LoadResult & {
  readonly uri: string;
  readonly connections: number;
  /** Requests a second that were asked for; without it as many as are answered. */
  readonly rate: number | undefined;
  readonly rowsPerRequest: number;
  readonly rowsPerSecond: number;
};
