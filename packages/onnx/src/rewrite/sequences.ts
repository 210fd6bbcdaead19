/** Lays a list of tensors side by side: classifiers of several targets answer one tensor a target, and onnxruntime-node returns no lists. */
import { makeAttribute } from '../attributes.ts';
import { consumers, producers } from '../graph-reading.ts';
import type { GraphProto, NodeProto, ValueInfo } from '../proto.ts';
import type { Rewritten } from './rewrite.ts';

/** Every output made by a SequenceConstruct becomes one tensor `[n, all their columns]` under the same name; a tensor `[n]` is a column. */
export function sequences(graph: GraphProto): Rewritten {
  const makers = producers(graph);
  const users = consumers(graph);
  const lists = new Map<NodeProto, string>();
  for (const { name = '', type } of graph.output) {
    const maker = makers.get(name);
    const isList = type?.sequenceType?.elemType?.tensorType !== undefined && maker?.opType === 'SequenceConstruct';
    if (isList && !users.has(name)) lists.set(maker, name);
  }
  if (lists.size === 0) return { graph, changes: [] };
  const names = new Set(lists.values());
  const node = graph.node.flatMap((each): NodeProto[] => (lists.has(each) ? sideBySide(each) : [each]));
  const output = graph.output.map((value): ValueInfo => (names.has(value.name ?? '') ? { ...value, type: table(value) } : value));
  const changes = [...lists].map(
    ([{ input }, name]) => `Output "${name}" was a list of ${input.length} tensors; they are side by side in one now.`,
  );
  return { graph: { ...graph, node, output }, changes };
}

function sideBySide(list: NodeProto): NodeProto[] {
  const axis = [makeAttribute('axis', 1)];
  const name = (i: number): string => `${list.output[0]}_columns_${i}`;
  const columns = list.input.map((input, i) => ({
    name: name(i),
    opType: 'Flatten',
    domain: '',
    input: [input],
    output: [name(i)],
    attribute: axis,
  }));
  return [...columns, { ...list, opType: 'Concat', input: columns.map((_, i) => name(i)), attribute: axis }];
}

function table({ type }: ValueInfo): ValueInfo['type'] {
  const elemType = type?.sequenceType?.elemType?.tensorType?.elemType;
  return { tensorType: { ...(elemType === undefined ? {} : { elemType }), shape: { dim: [{}, {}] } } };
}
