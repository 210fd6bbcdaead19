/**
 * How a fit's own thread and a helper talk: a word of shared memory says whose turn it is, beside it stand the number of a kernel and
 * its arguments. No messages: the fit is one long synchronous call, and an event loop would not come to them.
 */
import type { WasmKernels } from './wasm-module.ts';

/** The kernels that a helper can be called for, with numbers in and at most one out. */
const kernelNames = [
  'addToRows',
  'buildHistograms',
  'logisticGradients',
  'separateRows',
  'squaredGradients',
] as const satisfies readonly (keyof WasmKernels)[];

export type HelperKernel = (typeof kernelNames)[number];

/** `starting` until the thread has loaded; `called` while it works; `ended` tells it to end; `failed` when a kernel threw. */
const states = ['starting', 'idle', 'called', 'ended', 'failed'] as const;

export type HelperState = (typeof states)[number];

export type HelperStart = { readonly memory: WebAssembly.Memory; readonly calls: SharedArrayBuffer };

const MOST_ARGUMENTS = 16;

/** Room for one helper: state, then kernel, number of arguments, result, arguments. */
export function createCalls(): SharedArrayBuffer {
  return new SharedArrayBuffer(8 * (4 + MOST_ARGUMENTS));
}

/** Looks at the state before a thread goes to sleep: waking one takes longer than a small leaf's histogram. */
const SPINS = 5_000;

export function stateOf(calls: SharedArrayBuffer) {
  const word = new Int32Array(calls, 0, 1);
  const get = (): HelperState => states[Atomics.load(word, 0)] as HelperState;
  return {
    get,
    set(state: HelperState): void {
      Atomics.store(word, 0, states.indexOf(state));
      Atomics.notify(word, 0);
    },
    /** Sets `next` unless the other side has set something else than `expected` in the meantime: an end must not be overwritten. */
    replace(expected: HelperState, next: HelperState): void {
      Atomics.compareExchange(word, 0, states.indexOf(expected), states.indexOf(next));
      Atomics.notify(word, 0);
    },
    /** @param milliseconds at most; default without end. @returns the state after that one, or that one when time is up. */
    waitWhile(state: HelperState, milliseconds = Number.POSITIVE_INFINITY): HelperState {
      const number = states.indexOf(state);
      for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(word, 0) !== number) return get();
      while (Atomics.load(word, 0) === number) if (Atomics.wait(word, 0, number, milliseconds) === 'timed-out') break;
      return get();
    },
  };
}

export function callOf(calls: SharedArrayBuffer) {
  const numbers = new Float64Array(calls, 8);
  return {
    put(kernel: HelperKernel, args: readonly number[]): void {
      numbers[0] = kernelNames.indexOf(kernel);
      numbers[1] = args.length;
      numbers.set(args, 3);
    },
    /** What the kernel returned, 0 where it returns nothing. */
    result: (): number => numbers[2] as number,
    answer(run: WasmKernels): void {
      const kernel = run[kernelNames[numbers[0] as number] as HelperKernel] as (...args: number[]) => number | undefined;
      numbers[2] = kernel(...numbers.subarray(3, 3 + (numbers[1] as number))) ?? 0;
    },
  };
}
