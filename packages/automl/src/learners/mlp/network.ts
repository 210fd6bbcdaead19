/**
 * A feed-forward network with rectified linear units, one row at a time in float64: what it answers once trained. All parameters lie in one array.
 */
import type { Random } from '../../random.ts';
import type { RowDesign } from '../sgd/row-design.ts';

/** A layer's place in the parameters: weights row-major [inputs, outputs] from `weightsAt`, then `outputs` biases. */
export type Layer = { readonly inputs: number; readonly outputs: number; readonly weightsAt: number; readonly biasAt: number };

export type Network = { readonly layers: readonly Layer[]; readonly parameterCount: number };

/** @param widths of the design, each hidden layer, the answer. */
export function networkOf(widths: readonly number[]): Network {
  let at = 0;
  const layers = widths.slice(1).map((outputs, i) => {
    const inputs = widths[i] as number;
    const layer = { inputs, outputs, weightsAt: at, biasAt: at + inputs * outputs };
    at = layer.biasAt + outputs;
    return layer;
  });
  return { layers, parameterCount: at };
}

/** Weights evenly from within `sqrt(6 / (inputs + outputs))` (Glorot and Bengio 2010), biases zero. */
export function startParameters({ layers, parameterCount }: Network, random: Random): Float64Array {
  const parameters = new Float64Array(parameterCount);
  for (const { inputs, outputs, weightsAt, biasAt } of layers) {
    const bound = Math.sqrt(6 / (inputs + outputs));
    for (let at = weightsAt; at < biasAt; at++) parameters[at] = bound * (2 * random.nextFloat() - 1);
  }
  return parameters;
}

/** Room for what each layer gives. */
export function roomFor({ layers }: Network): Float64Array[] {
  return layers.map(({ outputs }) => new Float64Array(outputs));
}

/** Fills `given` with what each layer gives for row `i`; the last is the answer, which nothing rectifies. */
export function forward(
  network: Network,
  parameters: Float64Array,
  design: RowDesign,
  i: number,
  given: readonly Float64Array[],
): void {
  const { layers } = network;
  for (let l = 0; l < layers.length; l++) {
    const { weightsAt, biasAt, outputs } = layers[l] as Layer;
    const out = given[l] as Float64Array;
    for (let k = 0; k < outputs; k++) out[k] = parameters[biasAt + k] as number;
    if (l === 0) {
      const { numericCount, blockCount, dense, set } = design;
      for (let j = 0, at = i * numericCount; j < numericCount; j++) {
        const value = dense[at + j] as number;
        if (value !== 0) addMultiple(value, parameters, weightsAt + j * outputs, out, 0, outputs);
      }
      for (let c = 0, at = i * blockCount; c < blockCount; c++) {
        const column = set[at + c] as number;
        if (column >= 0) addMultiple(1, parameters, weightsAt + column * outputs, out, 0, outputs);
      }
    } else {
      const below = given[l - 1] as Float64Array;
      for (let input = 0; input < below.length; input++) {
        const value = below[input] as number;
        if (value !== 0) addMultiple(value, parameters, weightsAt + input * outputs, out, 0, outputs);
      }
    }
    if (l < layers.length - 1) for (let k = 0; k < outputs; k++) out[k] = Math.max(0, out[k] as number);
  }
}

/** target[targetAt ..] += factor * source[sourceAt ..], `count` numbers. */
function addMultiple(
  factor: number,
  source: Float64Array,
  sourceAt: number,
  target: Float64Array,
  targetAt: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    target[targetAt + k] = (target[targetAt + k] as number) + factor * (source[sourceAt + k] as number);
  }
}
