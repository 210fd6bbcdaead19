/**
 * A network as it is trained: batches of rows through it and back in float32, as SIMD WebAssembly (source: `assembly/network.ts`).
 * Inside, inputs are padded with zeros to multiples of 4 and layers to multiples of 8; units that are padding stay at zero.
 */
import type { RowDesign } from '../sgd/row-design.ts';
import type { Layer, Network } from './network.ts';
import { networkBase64 } from './network-binary.ts';

export type BatchNetwork = {
  /** Numbers from one row of answers to the next. */
  readonly answerStride: number;
  /** Takes the parameters over, in the order of the network. */
  load(parameters: Float64Array): void;
  read(): Float64Array;
  /** Answers for some rows of the design, at most as many as a batch has. The array is overwritten by the next call. */
  forward(rows: Int32Array): Float32Array;
  /** The gradient by all parameters, from the slopes that stand where the answers of the last `forward` did. */
  backward(): void;
  /** The gradient as `read` gives the parameters. */
  gradient(): Float64Array;
  /** A step of Adam against the gradient. @param alpha strength of the L2 penalty on the weights. */
  step(rate: number, alpha: number): void;
};

/** The exports of the module; pointers are byte offsets into its memory. */
type Run = {
  gatherRows(matrix: number, width: number, rows: number, batch: number, to: number): void;
  layerForward(input: number, inputs: number, weights: number, bias: number, outputs: number, batch: number, out: number): void;
  addColumns(columns: number, count: number, weights: number, outputs: number, batch: number, out: number): void;
  rectify(x: number, count: number): void;
  weightGradient(input: number, inputs: number, slopes: number, outputs: number, batch: number, gradient: number): void;
  columnGradient(columns: number, count: number, slopes: number, outputs: number, batch: number, gradient: number): void;
  biasGradient(slopes: number, outputs: number, batch: number, gradient: number): void;
  slopesBelow(
    slopes: number,
    outputs: number,
    weights: number,
    inputs: number,
    batch: number,
    given: number,
    below: number,
  ): void;
  adam(parameters: number, gradient: number, mean: number, square: number, count: number, rate: number, decay: number): void;
};

const padded = (count: number, to: number): number => Math.ceil(count / to) * to;

/** A layer inside: where its weights and biases begin among the parameters, counted in numbers. */
type Place = { readonly inputs: number; readonly outputs: number; readonly weightsAt: number; readonly biasAt: number };

/** @param batchSize most rows of a batch. */
export function openBatchNetwork({ layers }: Network, design: RowDesign, batchSize: number): BatchNetwork {
  const { rowCount, numericCount, blockCount } = design;
  const mostRows = padded(batchSize, 4);
  const numericStride = padded(numericCount, 4);
  const oneHotCount = (layers[0] as Layer).inputs - numericCount;
  let parameterCount = 0;
  const places = layers.map(({ inputs, outputs }, l): Place => {
    const rows = l === 0 ? numericStride + oneHotCount : padded(inputs, 8);
    const weightsAt = parameterCount;
    const biasAt = weightsAt + rows * padded(outputs, 8);
    parameterCount = biasAt + padded(outputs, 8);
    return { inputs: rows, outputs: padded(outputs, 8), weightsAt, biasAt };
  });

  const batchFloats = places.reduce((sum, { outputs }) => sum + 2 * outputs, numericStride) * mostRows;
  const { memory, run } = instantiate(
    4 * (4 * parameterCount + batchFloats + rowCount * numericStride + 64 * (layers.length + 4)) +
      4 * mostRows * (blockCount + 1),
  );
  const { buffer } = memory;
  let top = 64;
  const take = (bytes: number): number => {
    const at = top;
    top += padded(bytes, 64);
    return at;
  };
  const floats = (count: number): Float32Array => new Float32Array(buffer, take(4 * count), count);
  const ints = (count: number): Int32Array => new Int32Array(buffer, take(4 * count), count);
  const parameters = floats(parameterCount);
  const gradient = floats(parameterCount);
  const mean = floats(parameterCount);
  const square = floats(parameterCount);
  const dense = floats(rowCount * numericStride);
  const numbers = floats(mostRows * numericStride);
  const given = places.map(({ outputs }) => floats(mostRows * outputs));
  const slopes = places.map(({ outputs }) => floats(mostRows * outputs));
  const batchRows = ints(mostRows);
  const batchColumns = ints(mostRows * blockCount);
  for (let row = 0; row < rowCount; row++) {
    dense.set(design.dense.subarray(row * numericCount, (row + 1) * numericCount), row * numericStride);
  }

  const answer = given.at(-1) as Float32Array;
  const pointer = (array: Float32Array, at = 0): number => array.byteOffset + 4 * at;
  /** Rows of the last batch, and with the padding. */
  let count = 0;
  let batch = 0;
  let steps = 0;

  /** Calls `copy` with each run of numbers: its place in the network's own order, inside, and its length. */
  const eachRun = (copy: (own: number, inside: number, length: number) => void): void => {
    layers.forEach(({ inputs, outputs, weightsAt, biasAt }, l) => {
      const place = places[l] as Place;
      for (let i = 0; i < inputs; i++) {
        const row = l === 0 && i >= numericCount ? numericStride + i - numericCount : i;
        copy(weightsAt + i * outputs, place.weightsAt + row * place.outputs, outputs);
      }
      copy(biasAt, place.biasAt, outputs);
    });
  };
  const inOwnOrder = (array: Float32Array): Float64Array => {
    const last = layers.at(-1) as Layer;
    const own = new Float64Array(last.biasAt + last.outputs);
    eachRun((to, from, length) => own.set(array.subarray(from, from + length), to));
    return own;
  };

  return {
    answerStride: (places.at(-1) as Place).outputs,

    load(own) {
      parameters.fill(0);
      eachRun((from, to, length) => parameters.set(own.subarray(from, from + length), to));
    },

    read: () => inOwnOrder(parameters),

    forward(rows) {
      count = rows.length;
      batch = padded(count, 4);
      for (let i = 0; i < batch; i++) {
        const row = rows[Math.min(i, count - 1)] as number;
        batchRows[i] = row;
        for (let c = 0; c < blockCount; c++) {
          const column = design.set[row * blockCount + c] as number;
          batchColumns[i * blockCount + c] = column < 0 ? -1 : numericStride + column - numericCount;
        }
      }
      run.gatherRows(dense.byteOffset, numericStride, batchRows.byteOffset, batch, numbers.byteOffset);
      places.forEach(({ inputs, outputs, weightsAt, biasAt }, l) => {
        const from = l === 0 ? numbers : (given[l - 1] as Float32Array);
        const out = (given[l] as Float32Array).byteOffset;
        const weights = pointer(parameters, weightsAt);
        run.layerForward(
          from.byteOffset,
          l === 0 ? numericStride : inputs,
          weights,
          pointer(parameters, biasAt),
          outputs,
          batch,
          out,
        );
        if (l === 0) run.addColumns(batchColumns.byteOffset, blockCount, weights, outputs, batch, out);
        if (l < places.length - 1) run.rectify(out, batch * outputs);
      });
      return answer.subarray(0, count * (places.at(-1) as Place).outputs);
    },

    backward() {
      const { outputs: stride } = places.at(-1) as Place;
      const last = slopes.at(-1) as Float32Array;
      last.set(answer.subarray(0, count * stride));
      last.fill(0, count * stride, batch * stride);
      for (let l = places.length - 1; l >= 0; l--) {
        const { inputs, outputs, weightsAt, biasAt } = places[l] as Place;
        const slope = (slopes[l] as Float32Array).byteOffset;
        const weights = pointer(gradient, weightsAt);
        run.biasGradient(slope, outputs, batch, pointer(gradient, biasAt));
        if (l === 0) {
          gradient.fill(0, weightsAt + numericStride * outputs, biasAt);
          run.weightGradient(numbers.byteOffset, numericStride, slope, outputs, batch, weights);
          run.columnGradient(batchColumns.byteOffset, blockCount, slope, outputs, batch, weights);
          continue;
        }
        const below = given[l - 1] as Float32Array;
        run.weightGradient(below.byteOffset, inputs, slope, outputs, batch, weights);
        const slopeBelow = slopes[l - 1] as Float32Array;
        const from = pointer(parameters, weightsAt);
        run.slopesBelow(slope, outputs, from, inputs, batch, below.byteOffset, slopeBelow.byteOffset);
      }
    },

    gradient: () => inOwnOrder(gradient),

    step(rate, alpha) {
      steps++;
      const corrected = (rate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
      for (const { weightsAt, biasAt, outputs } of places) {
        const move = (at: number, length: number, decay: number) =>
          run.adam(
            pointer(parameters, at),
            pointer(gradient, at),
            pointer(mean, at),
            pointer(square, at),
            length,
            corrected,
            decay,
          );
        move(weightsAt, biasAt - weightsAt, alpha);
        move(biasAt, outputs, 0);
      }
    },
  };
}

const PAGE = 65_536;

function instantiate(bytes: number): { memory: WebAssembly.Memory; run: Run } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  memory.grow(Math.ceil(bytes / PAGE) + 1);
  const module = new WebAssembly.Module(Buffer.from(networkBase64, 'base64'));
  return { memory, run: new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Run };
}
