/** Runs of a compiled model, cut so that other requests get their turn in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Program } from '../compiled/program.ts';
import type { Batch } from './batch.ts';
import { joinPredictions, type Prediction } from './prediction.ts';

/** A few milliseconds. */
const ROWS_PER_RUN = 2048;

/** @returns undefined when a row has what only the runtime treats */
export async function runProgram(program: Program, batch: Batch, from: number, to: number): Promise<Prediction | undefined> {
  const parts: Prediction[] = [];
  for (let at = from; at < to; at += ROWS_PER_RUN) {
    if (at > from) await nextTurn();
    const part = program.run(batch, at, Math.min(at + ROWS_PER_RUN, to));
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return joinPredictions(parts);
}
