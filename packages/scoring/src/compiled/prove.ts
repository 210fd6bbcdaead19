/**
 * A compiled graph serves only where it is proved: the runtime and the program score the same generated rows while the model is
 * loaded, and every label must be equal and every number within 1e-6.
 */
import type { Servable, Signature } from '@malachite/onnx';
import { Batch } from '../model/batch.ts';
import type { Prediction } from '../model/prediction.ts';
import { probeColumns } from './probe-rows.ts';
import { compile, type Program } from './program.ts';
import { Unsupported } from './unsupported.ts';

export interface Evaluation {
  /** Absent when the runtime serves alone. */
  readonly program?: Program;
  /** Rows up to which the program was measured to be faster than the runtime; may be Infinity. */
  readonly upTo: number;
  /** Who evaluates the model and why, for people. */
  readonly description: string;
}

/** The runtime: the reference. */
export type Reference = (batch: Batch, from: number, to: number) => Promise<Prediction>;

/** Absolute; for predicted numbers beyond 1, relative. */
const TOLERANCE = 1e-6;

const PROBES = 320;
/** The runtime treats a single row with other code than many. */
const SINGLES = 16;

export async function proveCompiled(model: Pick<Servable, 'model' | 'signature'>, reference: Reference): Promise<Evaluation> {
  try {
    const program = compile(model);
    const batch = probeBatch(model.signature);
    const difference = await largestDifference(program, batch, reference);
    const upTo = await rowsWorthIt(program, batch, reference);
    const proof = `as ONNX Runtime does on ${PROBES} generated rows, largest difference ${difference.toExponential(1)}`;
    if (upTo < 1) return { upTo: 0, description: `ONNX Runtime, which is faster than the compiled evaluation (${proof})` };
    const range = upTo === Infinity ? 'all runs' : `runs of up to ${upTo} rows, ONNX Runtime for longer ones`;
    return { program, upTo, description: `compiled evaluation for ${range} (${proof})` };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return { upTo: 0, description: `ONNX Runtime (not compiled: ${error.message})` };
  }
}

/** Generated rows in a batch. */
export function probeBatch(signature: Signature): Batch {
  const batch = new Batch(signature);
  batch.append({ kind: 'columns', columns: probeColumns(signature, PROBES) });
  return batch;
}

/** @throws Unsupported when they differ by more than the tolerance, or one of them refuses the rows */
export async function largestDifference(program: Program, batch: Batch, reference: Reference): Promise<number> {
  let largest = 0;
  const ranges = [[0, batch.rows] as const, ...Array.from({ length: SINGLES }, (_, i) => [i * 7, i * 7 + 1] as const)];
  for (const [from, to] of ranges) {
    const expected = await reference(batch, from, to).catch((cause: unknown) => {
      throw new Unsupported('the runtime refuses generated rows', { cause });
    });
    const given = program.run(batch, from, to);
    if (given === undefined) throw new Unsupported('values that only the runtime treats');
    const wrong = expected.labels?.findIndex((label, row) => label !== given.labels?.[row]) ?? -1;
    if (wrong !== -1) throw new Unsupported(`label ${given.labels?.[wrong]} where the runtime says ${expected.labels?.[wrong]}`);
    largest = Math.max(
      largest,
      difference(expected.probabilities?.data, given.probabilities?.data),
      difference(expected.values, given.values),
    );
  }
  if (!(largest < TOLERANCE)) throw new Unsupported(`a difference of ${largest.toExponential(1)} from the runtime`);
  return largest;
}

function difference(expected: ArrayLike<number> = [], given: ArrayLike<number> = []): number {
  if (expected.length !== given.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [expected[i] as number, given[i] as number];
    if (Object.is(a, b) || a === b) continue;
    const apart = Math.abs(a - b) / Math.max(1, Math.abs(a));
    largest = Math.max(largest, Number.isNaN(apart) ? Infinity : apart);
  }
  return largest;
}

/** Compares what a run costs: the program's time grows with the rows, the runtime's begins higher and may grow slower. */
async function rowsWorthIt(program: Program, batch: Batch, reference: Reference): Promise<number> {
  const compiledRow = (await shortest(WARM_UP_MS, () => program.run(batch, 0, batch.rows))) / batch.rows;
  const runtimeOne = await shortest(0, () => reference(batch, 0, 1));
  const runtimeRow = ((await shortest(0, () => reference(batch, 0, batch.rows))) - runtimeOne) / (batch.rows - 1);
  return compiledRow <= runtimeRow ? Infinity : Math.floor((runtimeOne - runtimeRow) / (compiledRow - runtimeRow));
}

/** The engine compiles the program's loops while they run: until then its time says nothing. */
const WARM_UP_MS = 60;

/** Milliseconds of the best run: whatever else the machine does only makes a run longer. @param atLeast go on for that many milliseconds */
async function shortest(atLeast: number, run: () => unknown): Promise<number> {
  const begun = performance.now();
  let best = Infinity;
  for (let i = 0; i < 5 || performance.now() - begun < atLeast; i++) {
    const started = performance.now();
    await run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
