/** ONNX Runtime over our tables: the reference that every exported model is compared with. Main thread only. */
import { MalachiteError } from '@malachite/core';
import { decodeModel, type EmbeddedColumn, embeddedSignature } from '@malachite/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { MISSING_INT64 } from '../featurization/raw-inputs.ts';
import { labelText } from '../pipeline/export.ts';
import { type Column, columnNamed, type Table } from '../table/table.ts';

/** A loaded model that answers tables. */
export type OnnxPredictor = {
  /** Probabilities row-major n x classes, or n values, as float32 numbers widened. */
  predict(table: Table): Promise<Float64Array>;
  /** The same with the model's label output, as places among its classes, -1 for one that is none of them; no labels of a regression. */
  answer(table: Table): Promise<Answer>;
  close(): Promise<void>;
};

export type Answer = { readonly values: Float64Array; readonly labels: Int32Array | undefined };

/** The runtime takes seconds to improve a graph of more nodes than this, and answers the same without. */
const MOST_OPTIMIZED = 1000;

/** Seconds that the runtime takes to load a graph, by the square of its nodes: 4 s for 4,800 and minutes for 17,000 (measured). */
const LOAD_SECONDS = 2e-7;

/** A model that loads more slowly serves nobody. */
const MOST_LOAD_SECONDS = 20;

/**
 * Loads one of our exports. The runtime's threads do not spin while they wait: the worker threads that fit beside them would pay for
 * it, and a proof would take more than twice the processor time.
 *
 * @param seconds What loading may take: while it lasts, this thread hears nothing. Default 20.
 * @throws MalachiteError `Failed` for a graph of so many nodes that it would take longer.
 */
export async function loadPredictor(onnx: Uint8Array, seconds = MOST_LOAD_SECONDS): Promise<OnnxPredictor> {
  const model = decodeModel(onnx);
  const nodes = model.graph?.node?.length ?? 0;
  const expected = LOAD_SECONDS * nodes ** 2;
  if (expected > Math.min(seconds, MOST_LOAD_SECONDS))
    throw new MalachiteError(
      'Failed',
      `Its graph has ${nodes} nodes; to load it takes about ${Math.ceil(expected)} s, which is too long.`,
    );
  const signature = embeddedSignature(model);
  if (!signature)
    throw new MalachiteError('InvalidInput', 'The model carries no malachite.signature; it is not an export of this engine.');
  const output = signature.task === 'classification' ? 'probabilities' : 'variable';
  const session = await InferenceSession.create(onnx, {
    logSeverityLevel: 3,
    graphOptimizationLevel: nodes > MOST_OPTIMIZED ? 'disabled' : 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const placeOf = new Map(signature.classes?.map((label, place) => [labelText(label), place]));
  const outputs = signature.task === 'classification' ? [output, 'label'] : [output];
  return {
    async predict(table) {
      const answer = await session.run(feedsOf(table, signature.columns), [output]);
      return Float64Array.from((answer[output] as Tensor).data as Float32Array);
    },
    async answer(table) {
      const answer = await session.run(feedsOf(table, signature.columns), outputs);
      const values = Float64Array.from((answer[output] as Tensor).data as Float32Array);
      const labels = answer.label && Array.from(answer.label.data as ArrayLike<string | bigint>);
      return { values, labels: labels && Int32Array.from(labels, (label) => placeOf.get(String(label)) ?? -1) };
    },
    close: () => session.release(),
  };
}

/** One `[rows, 1]` tensor a raw column. @throws MalachiteError `InvalidInput` for a column that the table lacks. */
export function feedsOf(table: Table, columns: readonly EmbeddedColumn[]): Record<string, Tensor> {
  return Object.fromEntries(
    columns.map(({ name, input, type }) => {
      const column = columnNamed(table, name);
      if (!column) throw new MalachiteError('InvalidInput', `The table has no column "${name}", which the model needs.`);
      return [input, tensorOf(column, type)];
    }),
  );
}

function tensorOf(column: Column, type: EmbeddedColumn['type']): Tensor {
  if (column.kind === 'string') {
    const texts = Array.from(column.codes, (code) => (code < 0 ? '' : (column.dictionary[code] as string)));
    return new Tensor('string', texts, [texts.length, 1]);
  }
  const shape = [column.values.length, 1];
  if (type !== 'integer') return new Tensor('float32', Float32Array.from(column.values), shape);
  return new Tensor(
    'int64',
    BigInt64Array.from(column.values, (value) => (Number.isNaN(value) ? MISSING_INT64 : BigInt(Math.trunc(value)))),
    shape,
  );
}
