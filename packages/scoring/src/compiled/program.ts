/** A graph compiled into plain loops over blocks of rows: no runtime to call, no tensors to make. */
import type { GraphProto, NodeProto, Servable } from '@malachite/onnx';
import type { Batch } from '../model/batch.ts';
import type { Prediction } from '../model/prediction.ts';
import { BLOCK, Heap } from './heap.ts';
import { type Kernel, Node } from './node.ts';
import { operators } from './operators/operators.ts';
import { readOutputs } from './outputs.ts';
import { constantSlot, type Slot, typeOf } from './slot.ts';
import { Unsupported } from './unsupported.ts';

export interface Program {
  /** @returns undefined when a row has a value that is left to the runtime: a 64-bit integer beyond 2^53, a text with a separator in it */
  run(batch: Batch, from: number, to: number): Prediction | undefined;
}

/** @throws Unsupported when the graph does what is not compiled: another operator, values of other types, anything across rows */
export function compile({ model, signature }: Pick<Servable, 'model' | 'signature'>): Program {
  const graph = model.graph as GraphProto;
  if (signature.batch !== null) throw new Unsupported('a fixed number of rows');
  const heap = new Heap();
  const inputs = signature.inputs.map((input) => {
    if (input.columns.length === 0) throw new Unsupported('a free number of columns');
    const type = typeOf(input.elementType);
    if (type === 'double') throw new Unsupported('inputs of type double');
    return heap.slot(type, input.columns.length);
  });
  const slots = new Map<string, Slot>(graph.initializer.map((tensor) => [tensor.name ?? '', constantSlot(tensor, heap)]));
  for (const [i, { name }] of signature.inputs.entries()) slots.set(name, inputs[i] as Slot);

  let refused = false;
  const known = operators(() => {
    refused = true;
  });
  const kernels: Kernel[] = [];
  const done = new Map<string, readonly Slot[]>();
  const identities = new Map<Slot, number>();
  for (const proto of needed(graph)) {
    const given = proto.input.map((name) => (name === '' ? undefined : slots.get(name)));
    if (given.some((slot, i) => slot === undefined && proto.input[i] !== '')) throw new Unsupported('nodes out of order');
    // Exports repeat the same scaling for each member of an ensemble: it is computed once.
    const twin = twinKey(proto, given, identities);
    let outputs = done.get(twin);
    if (outputs === undefined) {
      const operator = known[proto.opType ?? ''];
      if (operator === undefined) throw new Unsupported(`the operator ${proto.opType}`);
      const compiled = operator(new Node(proto, given, heap));
      outputs = compiled.outputs;
      if (compiled.run !== undefined) kernels.push(compiled.run);
      done.set(twin, outputs);
    }
    for (const [i, name] of proto.output.entries()) if (outputs[i] !== undefined) slots.set(name, outputs[i]);
  }
  const read = readOutputs(signature, slots, heap);

  return {
    run(batch, from, to) {
      const answers = read.start(to - from);
      refused = false;
      for (let at = from; at < to; at += BLOCK) {
        const rows = Math.min(BLOCK, to - at);
        for (let i = 0; i < inputs.length; i++) {
          const { type, columns } = inputs[i] as Slot;
          if (!batch.copyInput(i, at, rows, heap.data[type], columns)) return undefined;
        }
        for (let k = 0; k < kernels.length; k++) (kernels[k] as Kernel)(rows);
        if (refused) return undefined;
        answers.add(at - from, rows);
      }
      return answers.prediction();
    },
  };
}

/** The nodes that the outputs need: some exports carry labels that nobody reads. */
function needed(graph: GraphProto): NodeProto[] {
  const wanted = new Set(graph.output.map(({ name }) => name ?? ''));
  const nodes: NodeProto[] = [];
  for (const node of graph.node.toReversed()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    for (const name of node.input) wanted.add(name);
    nodes.push(node);
  }
  return nodes.reverse();
}

/** The same for two nodes that compute the same. Trees are too long to compare and never repeat. */
function twinKey(proto: NodeProto, inputs: readonly (Slot | undefined)[], identities: Map<Slot, number>): string {
  if (proto.opType?.startsWith('TreeEnsemble')) return `trees ${proto.output.join(' ')}`;
  const numbers = inputs.map((slot) => {
    if (slot === undefined) return -1;
    if (!identities.has(slot)) identities.set(slot, identities.size);
    return identities.get(slot);
  });
  const attributes = JSON.stringify(proto.attribute, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return `${proto.opType} ${numbers.join(' ')} ${attributes}`;
}
