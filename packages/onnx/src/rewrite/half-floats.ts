/** Lets callers write and read 16-bit floats as plain numbers: the graph converts them on its way in and out. */
import { makeAttribute } from '../attributes.ts';
import { fedInputs, producers } from '../graph-reading.ts';
import { elementType, type GraphProto, type NodeProto, type ValueInfo } from '../proto.ts';
import type { Rewritten } from './rewrite.ts';
import { rewired } from './wires.ts';

const halves: ReadonlySet<number | undefined> = new Set([elementType.float16, elementType.bfloat16]);

/** Inputs and outputs of 16-bit floats become floats, under the same names. */
export function halfFloats(graph: GraphProto): Rewritten {
  const isHalf = ({ type }: ValueInfo): boolean => halves.has(type?.tensorType?.elemType);
  const inputs = fedInputs(graph).filter(isHalf);
  // What passes through unchanged is a float by its input already.
  const makers = producers(graph);
  const outputs = graph.output.filter((value) => isHalf(value) && makers.has(value.name ?? ''));
  if (inputs.length + outputs.length === 0) return { graph, changes: [] };
  const into = rewired(
    graph,
    inputs.map(({ name = '' }) => name),
    'half',
  );
  const both = rewired(
    into.graph,
    outputs.map(({ name = '' }) => name),
    'half',
  );
  const before = inputs.map(({ name = '', type }) => cast(name, into.renamed(name), type?.tensorType?.elemType ?? 0));
  const after = outputs.map(({ name = '' }) => cast(both.renamed(name), name, elementType.float));
  const asFloat = (value: ValueInfo): ValueInfo =>
    isHalf(value) ? { ...value, type: { tensorType: { ...value.type?.tensorType, elemType: elementType.float } } } : value;
  const fed = new Set(inputs);
  return {
    graph: {
      ...both.graph,
      node: [...before, ...both.graph.node, ...after],
      input: graph.input.map((value) => (fed.has(value) ? asFloat(value) : value)),
      output: graph.output.map(asFloat),
    },
    changes: [
      ...inputs.map(({ name }) => `Input "${name}" took 16-bit floats; it takes floats now and rounds them.`),
      ...outputs.map(({ name }) => `Output "${name}" gave 16-bit floats; it gives floats now.`),
    ],
  };
}

function cast(from: string, to: string, type: number): NodeProto {
  return { name: `${to}_cast`, opType: 'Cast', domain: '', input: [from], output: [to], attribute: [makeAttribute('to', type)] };
}
