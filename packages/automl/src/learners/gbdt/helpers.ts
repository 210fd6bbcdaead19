/**
 * Threads that share the work of one large fit. They see the memory of the kernels and only ever run kernels, each on rows or features of
 * its own, so that the result is the same for any number of them, bit by bit.
 */
import { Worker } from 'node:worker_threads';
import { MalachiteError } from '@malachite/core';
import { callOf, createCalls, type HelperKernel, type HelperStart, stateOf } from './helper-calls.ts';
import type { WasmKernels } from './wasm-module.ts';

export type Helper = {
  readonly isReady: boolean;
  start(kernel: HelperKernel, args: readonly number[]): void;
  /** What the kernel returned. */
  finish(): number;
  /** @returns false when time is up before the thread has started. */
  waitUntilReady(milliseconds: number): boolean;
  close(): void;
};

/** Starts a thread; until it is ready, the fit goes on without it. */
export function startHelper(memory: WebAssembly.Memory): Helper {
  const calls = createCalls();
  const state = stateOf(calls);
  const call = callOf(calls);
  const worker = new Worker(new URL('./helper-thread.ts', import.meta.url), {
    workerData: { memory, calls } satisfies HelperStart,
  });
  // A thread that cannot start is never ready: nothing is lost but its help.
  worker.on('error', () => {}).unref();
  return {
    get isReady() {
      return state.get() === 'idle';
    },
    start(kernel, args) {
      call.put(kernel, args);
      state.set('called');
    },
    finish() {
      if (state.waitWhile('called') === 'failed') throw new MalachiteError('Failed', 'A thread that helps a fit has failed.');
      return call.result();
    },
    waitUntilReady: (milliseconds) => state.waitWhile('starting', milliseconds) === 'idle',
    close() {
      state.set('ended');
    },
  };
}

/** A part `from .. to` of a call, and what the kernel returned for it. */
export type Part = { readonly from: number; readonly to: number; readonly result: number };

/**
 * Splits `0 .. size` into even parts, one for this thread and one for each of `crew`, and calls the kernel for all at once.
 * @param argumentsOf the kernel's arguments for the part `from .. to` on thread number `thread`; this one is 0.
 */
export function share(
  run: WasmKernels,
  crew: readonly Helper[],
  kernel: HelperKernel,
  size: number,
  argumentsOf: (from: number, to: number, thread: number) => readonly number[],
): Part[] {
  const edge = (thread: number) => Math.floor((size * thread) / (crew.length + 1));
  const part = (thread: number) => argumentsOf(edge(thread), edge(thread + 1), thread);
  crew.forEach((helper, i) => {
    helper.start(kernel, part(i + 1));
  });
  const mine = (run[kernel] as (...args: readonly number[]) => number | undefined)(...part(0));
  const results = [mine ?? 0, ...crew.map((helper) => helper.finish())];
  return results.map((result, thread) => ({ from: edge(thread), to: edge(thread + 1), result }));
}
