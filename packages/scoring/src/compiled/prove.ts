/**
 * A compiled graph serves only where it is proved: the runtime and the program score the same generated rows while the model is
 * loaded, and every label must be equal and every number within 1e-6.
 */
import { MalachiteError } from '@malachite/core/errors';
import type { Servable, Signature } from '@malachite/onnx';
import { Batch } from '../model/batch.ts';
import { type Prediction, slicePrediction } from '../model/prediction.ts';
import { probeColumns } from './probe-rows.ts';
import { compile, type Program } from './program.ts';
import { Unsupported } from './unsupported.ts';

export interface Evaluation {
  /** Absent when the runtime serves alone. */
  readonly program?: Program;
  /** Who evaluates the model and why, for people. */
  readonly description: string;
}

/** The runtime: the reference. */
export type Reference = (batch: Batch, from: number, to: number) => Promise<Prediction>;

/** Absolute; for predicted numbers beyond 1, relative. */
const TOLERANCE = 1e-6;

const PROBES = 320;
/** A single row is treated with other code than many, by the runtime and by the program. */
const SINGLES = 16;

/** How long a proved program is run before it serves: the engine compiles its loops while they run. */
const WARM_UP_MS = 40;

/** Which of the two serves depends on the model alone: the same request is answered the same under any load. */
export async function proveCompiled(model: Pick<Servable, 'model' | 'signature'>, reference: Reference): Promise<Evaluation> {
  try {
    const program = compile(model);
    const batch = probeBatch(model.signature);
    const difference = await largestDifference(program, batch, reference);
    for (const until = performance.now() + WARM_UP_MS; performance.now() < until; ) program.run(batch, 0, batch.rows);
    return {
      program,
      description: `compiled (proved on ${PROBES} rows, largest difference from ONNX Runtime ${difference.toExponential(1)})`,
    };
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return { description: `ONNX Runtime: not compiled because of ${error.message}` };
  }
}

/**
 * Whether the runtime gives a row among others the same bits as alone. Where it does not, requests may not share a run: what one is
 * answered would depend on who else asks.
 */
export async function rowsAreIndependent({ signature }: Pick<Servable, 'signature'>, reference: Reference): Promise<boolean> {
  if (signature.batch !== null) return true;
  try {
    const batch = probeBatch(signature);
    const together = await reference(batch, 0, batch.rows);
    for (const row of singles) {
      const alone = await reference(batch, row, row + 1);
      if (differenceOf(slicePrediction(together, row, row + 1), alone) !== 0) return false;
    }
    return true;
  } catch (error) {
    requireRowwise(error);
    // Rows that it refuses say nothing.
    return false;
  }
}

/** A model that does not answer each row is said to be none while it is loaded. */
function requireRowwise(error: unknown): void {
  if (error instanceof MalachiteError && error.code === 'NotSupported') throw error;
}

const singles = Array.from({ length: SINGLES }, (_, i) => i * 7);

/** Generated rows in a batch. */
export function probeBatch(signature: Signature): Batch {
  const batch = new Batch(signature);
  batch.append({ kind: 'columns', columns: probeColumns(signature, PROBES) });
  return batch;
}

/** @throws Unsupported when they differ by more than the tolerance, or one of them refuses the rows */
export async function largestDifference(program: Program, batch: Batch, reference: Reference): Promise<number> {
  let largest = 0;
  for (const [from, to] of [[0, batch.rows] as const, ...singles.map((row) => [row, row + 1] as const)]) {
    const expected = await reference(batch, from, to).catch((cause: unknown) => {
      requireRowwise(cause);
      throw new Unsupported('generated rows that the runtime refuses', { cause });
    });
    const given = program.run(batch, from, to);
    if (given === undefined) throw new Unsupported('values that only the runtime treats');
    if (expected.labelWidth !== given.labelWidth || expected.probabilities?.targets !== given.probabilities?.targets)
      throw new Unsupported('several targets');
    const wrong = expected.labels?.findIndex((label, row) => label !== given.labels?.[row]) ?? -1;
    if (wrong !== -1) throw new Unsupported(`label ${given.labels?.[wrong]} where the runtime says ${expected.labels?.[wrong]}`);
    largest = Math.max(largest, differenceOf(expected, given));
  }
  if (!(largest < TOLERANCE)) throw new Unsupported(`a difference of ${largest.toExponential(1)} from the runtime`);
  return largest;
}

/** Infinity when their labels differ. */
function differenceOf(expected: Prediction, given: Prediction): number {
  const sameLabels = expected.labels?.every((label, row) => label === given.labels?.[row]) ?? true;
  if (!sameLabels) return Infinity;
  const others = Array.from(expected.others ?? [], ([name, { data }]) =>
    typeof data[0] === 'number' ? apart(data as ArrayLike<number>, given.others?.get(name)?.data as ArrayLike<number>) : 0,
  );
  return Math.max(
    apart(expected.probabilities?.data, given.probabilities?.data),
    apart(expected.values, given.values),
    ...others,
  );
}

function apart(expected: ArrayLike<number> = [], given: ArrayLike<number> = []): number {
  if (expected.length !== given.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [expected[i] as number, given[i] as number];
    if (Object.is(a, b) || a === b) continue;
    const difference = Math.abs(a - b) / Math.max(1, Math.abs(a));
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}
