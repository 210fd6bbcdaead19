/** One ONNX model in the runtime. */
import { MalachiteError } from '@malachite/core/errors';
import { type Servable, type Signature, servable } from '@malachite/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Evaluation, proveCompiled, rowsAreIndependent } from '../compiled/prove.ts';
import { type SecondThread, secondThread } from '../second-thread/second-thread.ts';
import { Batch, type Rows } from './batch.ts';
import { joinPredictions, type Prediction, readPrediction, slicePrediction } from './prediction.ts';
import { runProgram } from './run-program.ts';
import { runtimeWords } from './runtime-words.ts';

export interface ScoringModel {
  readonly signature: Signature;
  /** What was changed in the graph before it was loaded, in words. */
  readonly rewritten: readonly string[];
  /** Who evaluates the graph, and why: `compiled (proved on 320 rows, …)` or `ONNX Runtime: …`. */
  readonly evaluation: string;
  /** A batch to fill for `run`; batches may be used again. */
  batch(): Batch;
  /**
   * Scores the rows `from` to `to` of a batch, all of them by default.
   *
   * @throws InvalidInput when the graph itself refuses a row, naming the row, counted from `from`
   */
  run(batch: Batch, from?: number, to?: number): Promise<Prediction>;
  /**
   * Scores the rows of several callers in one run, so that each gets the same as it would alone.
   *
   * @returns undefined when that takes a run for each
   * @throws as `run`
   */
  runTogether(batch: Batch): Promise<Prediction | undefined>;
  /** Scores rows in one call. @throws InvalidInput naming row and column. */
  score(rows: Rows): Promise<Prediction>;
  /** Answers long requests beside this thread. */
  readonly second?: SecondThread | undefined;
  /** Frees the runtime's memory. */
  close(): Promise<void>;
}

export interface LoadOptions {
  /** Threads within one operator; 1, since requests are joined and hosts have several processes. */
  threads?: number;
  /** False: ONNX Runtime evaluates every row, as the reference. Default true. */
  compiled?: boolean;
  /** True: a second thread answers long requests, where the model is compiled. For a process that serves alone. Default false. */
  secondThread?: boolean;
}

/** Rows a run of the runtime takes at most: longer batches are cut, so that other requests get their turn in between. */
const ROWS_PER_RUN = 2048;

/**
 * Loads any exported model.
 *
 * @param bytes an ONNX file
 * @throws what `servable` throws; InvalidInput when the runtime refuses the graph, NotSupported when it is of a newer opset
 * @example
 * const model = await loadModel(await readFile('best_model.onnx'));
 * const { labels } = await model.score({ kind: 'records', records: [{ age: 57, job: 'technician' }] });
 */
export async function loadModel(
  bytes: Uint8Array,
  { threads = 1, compiled = true, secondThread: beside = false }: LoadOptions = {},
): Promise<ScoringModel> {
  const { bytes: loadable, model, signature, rewritten } = servable(bytes);
  const session = await createSession(loadable, threads);
  const runtime = (batch: Batch, from: number, to: number): Promise<Prediction> => runRange(session, signature, batch, from, to);
  const { program, description }: Evaluation = compiled
    ? await proveCompiled({ model, signature }, runtime)
    : { description: 'ONNX Runtime: asked for' };
  const joins = program === undefined && (await rowsAreIndependent({ signature }, runtime));
  const runCompiled = async (batch: Batch, from: number, to: number): Promise<Prediction | undefined> =>
    program === undefined ? undefined : await runProgram(program, batch, from, to);
  const run = async (batch: Batch, from = 0, to = batch.rows): Promise<Prediction> =>
    (await runCompiled(batch, from, to)) ?? (await runtime(batch, from, to));
  const second = beside && program !== undefined ? secondThread(bytes) : undefined;
  return {
    signature,
    rewritten,
    evaluation: description,
    batch: () => new Batch(signature),
    run,
    runTogether: (batch) => (joins ? runtime(batch, 0, batch.rows) : runCompiled(batch, 0, batch.rows)),
    second,
    async score(rows) {
      const batch = new Batch(signature);
      batch.append(rows);
      return await run(batch);
    },
    async close() {
      await second?.close();
      await session.release();
    },
  };
}

async function createSession(bytes: Servable['bytes'], threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Failures come back as exceptions, and warnings only repeat that an exporter declared a shape loosely.
      logSeverityLevel: 4,
    });
  } catch (cause) {
    const words = runtimeWords(cause);
    const newer = /support for domain (\S+) is till opset (\d+)/.exec(words);
    if (newer !== null) {
      throw new MalachiteError(
        'NotSupported',
        `The model uses a newer ${newer[1]} than opset ${newer[2]}; export it with an older one.`,
        { cause },
      );
    }
    const unknown = /Fatal error: (\S+?):([^\s(]+)\S* is not a registered|No Op registered for (\S+)/.exec(words);
    if (unknown !== null) {
      const [, domain = 'ai.onnx', operator = unknown[3]] = unknown;
      throw new MalachiteError(
        'NotSupported',
        `The model uses operator "${operator}" of ${domain}, which ONNX Runtime does not have.`,
        { cause },
      );
    }
    throw new MalachiteError('InvalidInput', `ONNX Runtime cannot load the model: ${words}`, { cause });
  }
}

async function runRange(
  session: InferenceSession,
  signature: Signature,
  batch: Batch,
  from: number,
  to: number,
): Promise<Prediction> {
  const step = signature.batch ?? ROWS_PER_RUN;
  const parts: Prediction[] = [];
  for (let at = from; at < to; at += step) {
    parts.push(await runRows(session, signature, batch, at, Math.min(at + step, to), from));
  }
  return joinPredictions(parts);
}

/** @param base the row that the caller calls row 0 */
async function runRows(
  session: InferenceSession,
  signature: Signature,
  batch: Batch,
  from: number,
  to: number,
  base: number,
): Promise<Prediction> {
  let answered: Awaited<ReturnType<InferenceSession['run']>>;
  try {
    answered = await session.run(tensorsOf(batch.feeds(from, to)));
  } catch (cause) {
    const words = runtimeWords(cause);
    if (to - from === 1)
      throw new MalachiteError('InvalidInput', `Row ${from - base}: the model cannot take it: ${words}`, { cause });
    // The runtime does not say which row it was.
    for (let row = from; row < to; row++) await runRows(session, signature, batch, row, row + 1, base);
    throw new MalachiteError('Failed', `The model failed on rows ${from - base} to ${to - base - 1}: ${words}`, { cause });
  }
  const rows = signature.batch ?? to - from;
  const prediction = readPrediction(signature, answered, rows);
  return rows === to - from ? prediction : slicePrediction(prediction, 0, to - from);
}

function tensorsOf(feeds: ReturnType<Batch['feeds']>): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, { type, data, dims }] of Object.entries(feeds)) tensors[name] = new Tensor(type, data, dims);
  return tensors;
}
