/**
 * Where the threads of a fit find their work: a list of calls of one kernel in shared memory, each called by the thread that takes it. No
 * messages: the fit is one long synchronous call, and an event loop would not come to them.
 *
 * A thread that is asleep or slow takes fewer tasks, and nobody waits for it but to end the one it has in hand.
 */
/// <reference lib="esnext.sharedmemory" />
import type { WasmKernels } from './wasm-module.ts';

/** The kernels that threads share, with numbers in and at most one out. */
const kernelNames = [
  'addHistograms',
  'addLeafValues',
  'addTreeValues',
  'buildHistograms',
  'classGradients',
  'copyRows',
  'logisticGradients',
  'searchThresholds',
  'separateRows',
  'softmax',
  'squaredGradients',
  'subtractHistograms',
  'sumPairs',
] as const satisfies readonly (keyof WasmKernels)[];

export type SharedKernel = (typeof kernelNames)[number];

/** The arguments of one call of a kernel. */
export type Task = readonly number[];

/** Most tasks on the board at a time. */
export const MOST_TASKS = 64;
const MOST_ARGUMENTS = 13;

/** Words of 32 bits, each in a cache line of its own: they are what threads look at while they wait. */
const LINE_WORDS = 16;
/** The tasks that nobody has taken, `from .. to` as `from | to << 16`; 0 when there are none. `ENDED` sends the helpers home. */
const OPEN = 0;
/** Tasks that nobody has finished. */
const UNFINISHED = LINE_WORDS;
/** Helpers that have started. */
const STARTED = 2 * LINE_WORDS;
/** Tasks that threw. */
const FAILED = 3 * LINE_WORDS;
const WORDS = 4 * LINE_WORDS;

const ENDED = -1;

/**
 * Looks at a word before a thread goes to sleep, with a pause of some 40 ns between them: most of a millisecond. To wake one takes a tenth
 * of that and more, and a fit comes back with work sooner.
 */
const LOOKS = 20_000;

export function createBoard(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * WORDS + 8 * (1 + MOST_TASKS * (MOST_ARGUMENTS + 1)));
}

/** One thread's view of the board, with the kernels it runs. */
export function openBoard(board: SharedArrayBuffer, run: WasmKernels, isHelper: boolean) {
  const words = new Int32Array(board, 0, WORDS);
  /** The number of the kernel. */
  const call = new Float64Array(board, 4 * WORDS, 1);
  const results = new Float64Array(board, call.byteOffset + call.byteLength, MOST_TASKS);
  const args = Array.from(
    { length: MOST_TASKS },
    (_, i) => new Float64Array(board, results.byteOffset + 8 * (MOST_TASKS + i * MOST_ARGUMENTS), MOST_ARGUMENTS),
  );

  /**
   * The number of a task that is now this thread's; -1 when none is open. The fit's own thread takes the first, helpers the last: what lies
   * in a thread's cache from one call is likely its part of the next.
   */
  const take = (): number => {
    for (;;) {
      const open = Atomics.load(words, OPEN);
      if (open <= 0) return -1;
      const [from, to] = [open & 0xffff, open >> 16];
      const task = isHelper ? to - 1 : from;
      const rest = to - from === 1 ? 0 : isHelper ? open - 0x10000 : open + 1;
      // Should the board have been emptied and filled again in between, with as many tasks, then one of those is taken.
      if (Atomics.compareExchange(words, OPEN, open, rest) === open) return task;
    }
  };
  const waitWhile = (word: number, isWaiting: (value: number) => boolean, until = Number.POSITIVE_INFINITY): void => {
    for (let look = 0; look < LOOKS; look++) {
      if (!isWaiting(Atomics.load(words, word))) return;
      Atomics.pause();
    }
    for (let value = Atomics.load(words, word); isWaiting(value); value = Atomics.load(words, word))
      if (Atomics.wait(words, word, value, until - performance.now()) === 'timed-out') return;
  };
  const announce = (word: number): void => {
    Atomics.notify(words, word);
  };

  return {
    /** Puts at most `MOST_TASKS` tasks up for all threads. */
    post(kernel: SharedKernel, tasks: readonly Task[]): void {
      tasks.forEach((task, i) => {
        args[i]?.set(task);
      });
      call[0] = kernelNames.indexOf(kernel);
      Atomics.store(words, UNFINISHED, tasks.length);
      Atomics.store(words, OPEN, tasks.length << 16);
      announce(OPEN);
    },
    /** Takes tasks until none is open. */
    work(): void {
      for (let task = take(); task >= 0; task = take()) {
        try {
          const kernel = run[kernelNames[call[0] as number] as SharedKernel] as (...args: number[]) => number | undefined;
          // WebAssembly leaves arguments that are too many alone.
          results[task] = Reflect.apply(kernel, undefined, args[task] as Float64Array) ?? 0;
        } catch {
          Atomics.add(words, FAILED, 1);
        }
        if (Atomics.sub(words, UNFINISHED, 1) === 1) announce(UNFINISHED);
      }
    },
    /** @returns false when a task threw. */
    waitUntilFinished(): boolean {
      waitWhile(UNFINISHED, (unfinished) => unfinished > 0);
      return Atomics.load(words, FAILED) === 0;
    },
    /** What the kernel returned for task `i`, 0 where it returns nothing. */
    result: (i: number): number => results[i] as number,

    /** Says that this helper has started. */
    start(): void {
      Atomics.add(words, STARTED, 1);
      announce(STARTED);
    },
    /** @returns false when time is up before so many helpers have started. */
    waitUntilStarted(helpers: number, milliseconds: number): boolean {
      waitWhile(STARTED, (started) => started < helpers, performance.now() + milliseconds);
      return Atomics.load(words, STARTED) >= helpers;
    },
    /** Waits until a task is open. @returns false when the helpers are to go home. */
    waitForTask(): boolean {
      waitWhile(OPEN, (open) => open === 0);
      return Atomics.load(words, OPEN) !== ENDED;
    },
    end(): void {
      Atomics.store(words, OPEN, ENDED);
      announce(OPEN);
    },
  };
}
