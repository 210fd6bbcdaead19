/** What the server and a script's process say to each other, as the heads of frames. Both runners, Python's and ours, speak it. */

/** To the script: a request. Its body is the frame's. */
export interface ScriptRequest {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Name and value, as they came. */
  readonly headers: readonly (readonly [string, string])[];
}

/** To the script: is it well? It says so in its turn, so one that is stuck in `run()` says nothing. */
export interface ScriptProbe {
  readonly probe: true;
}

/** From the script: it is. */
export interface ScriptAlive {
  readonly type: 'alive';
}

/** From the script: `init()` is done. */
export interface ScriptReady {
  readonly type: 'ready';
  /** JSON schemas of a decorated `run()`; null when it says nothing of its input. */
  readonly schemas: ScriptSchemas | null;
}

export interface ScriptSchemas {
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/** From the script: it cannot serve, and ends. */
export interface ScriptFailed {
  readonly type: 'failed';
  readonly message: string;
}

/** From the script: the answer to a request. Its body is the frame's. */
export interface ScriptAnswered {
  readonly type: 'answer';
  readonly id: number;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** `x-ms-run-function-failed`. */
  readonly failed: boolean;
  /** `run()` returned. */
  readonly ran: boolean;
  /** Milliseconds in `run()`. */
  readonly runMs: number;
}

export type FromScript = ScriptAlive | ScriptReady | ScriptFailed | ScriptAnswered;
