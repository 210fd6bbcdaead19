/** Rows about answered requests, handed on in batches so that no request waits for its own log line. */

export interface RequestRow {
  /** When it arrived, milliseconds since 1970. */
  readonly time: number;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly status: number;
  /** What the model's side answered, where it did: behind the gateway a 400 of the model is a 424. */
  readonly modelStatus?: number;
  /** From the arrival of the headers to the writing of the answer. */
  readonly durationMs: number;
  /** In the model; 0 when it did not run. */
  readonly runMs: number;
  readonly rows: number;
  /** Empty when no deployment was chosen. */
  readonly deployment: string;
  /** The message of an answer that is no success. */
  readonly error?: string;
  /** Body and answer, when model data is collected; cut at 64 KiB each. */
  readonly input?: string;
  readonly prediction?: string;
}

export interface RequestLog {
  add(row: RequestRow): void;
  /** Hands on what is left and stops. */
  close(): void;
}

const FLUSH_MS = 200;

/** Beyond this many waiting rows the oldest are dropped: a reader that stalls must not fill the memory. */
const MOST_WAITING = 20_000;

/** @param onRows called at most every 200 ms, never with an empty list */
export function requestLog(onRows: (rows: RequestRow[]) => void): RequestLog {
  let waiting: RequestRow[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting.length === 0) return;
    const rows = waiting.length > MOST_WAITING ? waiting.slice(-MOST_WAITING) : waiting;
    waiting = [];
    onRows(rows);
  };
  return {
    add(row) {
      waiting.push(row);
      if (waiting.length > 2 * MOST_WAITING) waiting = waiting.slice(-MOST_WAITING);
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    close() {
      clearTimeout(timer);
      flush();
    },
  };
}
