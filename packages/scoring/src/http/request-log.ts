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

/** Rows handed on at once: about as much work as other requests may be kept waiting for. */
const MOST_ROWS = 128;

/** @param onRows called with 1 to 128 rows, after 200 ms at the latest, never while a request is answered */
export function requestLog(onRows: (rows: RequestRow[]) => void): RequestLog {
  let waiting: RequestRow[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const rows = waiting; rows.length > 0; ) onRows(rows.splice(0, MOST_ROWS));
  };
  return {
    add(row) {
      waiting.push(row);
      timer ??= setTimeout(flush, FLUSH_MS);
      if (waiting.length < MOST_ROWS) return;
      const rows = waiting;
      waiting = [];
      setImmediate(onRows, rows);
    },
    close: flush,
  };
}
