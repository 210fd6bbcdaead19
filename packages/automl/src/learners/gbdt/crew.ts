/**
 * The threads of one fit: its own, and helpers for a large one. Helpers see the memory of the kernels and only ever run kernels, each on
 * rows or features of its own, so that the result is the same for any number of them, bit by bit.
 */
import { Worker } from 'node:worker_threads';
import { MalachiteError } from '@malachite/core';
import { type Slice, slices } from './slices.ts';
import { createBoard, MOST_TASKS, openBoard, type SharedKernel, type Task } from './task-board.ts';
import type { WasmKernels } from './wasm-module.ts';

/** What a helper is started with. */
export type HelperStart = { readonly memory: WebAssembly.Memory; readonly board: SharedArrayBuffer };

export type Crew = {
  /**
   * Cuts `0 .. size` for the threads: into multiples of `grain`, more of them than threads, so that one that comes late does less. One
   * thread gets it whole.
   */
  slices(size: number, grain: number): Slice[];
  /**
   * Cuts so many features into a part for each thread: what one kernel leaves of them in a thread's cache is its part of the next. Kernels
   * take four at a time.
   */
  shares(features: number): Slice[];
  /** Calls the kernel once a task, in no order, and returns when all are done. @returns what each returned, 0 where it returns nothing. */
  run(kernel: SharedKernel, tasks: readonly Task[]): number[];
  /** @returns false when time is up before all threads have started. */
  waitUntilReady(milliseconds: number): boolean;
  /** Ends the helpers. */
  close(): void;
};

const SLICES_A_THREAD = 2;

/** @param threads the fit's own among them. Helpers take a moment to start; until then the fit goes on without them. */
export function openCrew(memory: WebAssembly.Memory, run: WasmKernels, threads: number): Crew {
  if (threads === 1) return soloCrew(run);
  const board = createBoard();
  const own = openBoard(board, run, false);
  for (let i = 1; i < threads; i++) {
    const worker = new Worker(new URL('./helper-thread.ts', import.meta.url), {
      workerData: { memory, board } satisfies HelperStart,
    });
    // A thread that cannot start takes no task: nothing is lost but its help.
    worker.on('error', () => {}).unref();
  }
  return {
    slices: (size, grain) => slices(size, grain, SLICES_A_THREAD * threads),
    shares: (features) => slices(features, 4 * Math.ceil(features / (4 * threads))),
    run(kernel, tasks) {
      if (tasks.length === 1) return callAll(run, kernel, tasks);
      const results: number[] = [];
      for (let begin = 0; begin < tasks.length; begin += MOST_TASKS) {
        const posted = tasks.slice(begin, begin + MOST_TASKS);
        own.post(kernel, posted);
        own.work();
        if (!own.waitUntilFinished()) throw new MalachiteError('Failed', 'A thread of a fit has failed.');
        posted.forEach((_, i) => {
          results.push(own.result(i));
        });
      }
      return results;
    },
    waitUntilReady: (milliseconds) => own.waitUntilStarted(threads - 1, milliseconds),
    close: () => own.end(),
  };
}

function soloCrew(run: WasmKernels): Crew {
  return {
    slices: (size) => [{ from: 0, to: size }],
    shares: (features) => [{ from: 0, to: features }],
    run: (kernel, tasks) => callAll(run, kernel, tasks),
    waitUntilReady: () => true,
    close() {},
  };
}

function callAll(run: WasmKernels, kernel: SharedKernel, tasks: readonly Task[]): number[] {
  const call = run[kernel] as (...args: readonly number[]) => number | undefined;
  return tasks.map((task) => call(...task) ?? 0);
}
