/** Copies a graph under a prefix so that it can live beside others in one file. */
import { MalachiteError } from '@malachite/core/errors';
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from './proto.ts';

export interface GraphCopy {
  nodes: NodeProto[];
  initializers: TensorProto[];
  /** The original output name -> its new value name. */
  outputs: Map<string, string>;
}

/** @throws InvalidInput when the model has no graph or one of its inputs is not in `inputs`. */
export function copyGraph(model: ModelProto, prefix: string, inputs: ReadonlyMap<string, string>): GraphCopy {
  const graph = model.graph;
  if (graph === undefined) throw new MalachiteError('InvalidInput', `The model to include as "${prefix}" has no graph.`);
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  for (const { name } of graph.input) {
    if (!stored.has(name) && !inputs.has(name ?? '')) {
      throw new MalachiteError('InvalidInput', `Input "${name}" of the model to include as "${prefix}" is not wired.`);
    }
  }
  const rename = (name: string): string => (name === '' ? '' : (inputs.get(name) ?? `${prefix}${name}`));
  return {
    nodes: graph.node.map((node) => renameNode(node, rename, prefix)),
    initializers: graph.initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name ?? '') })),
    outputs: new Map(graph.output.map(({ name = '' }) => [name, rename(name)])),
  };
}

function renameNode(node: NodeProto, rename: (name: string) => string, prefix: string): NodeProto {
  return {
    ...node,
    name: `${prefix}${node.name ?? ''}`,
    input: node.input.map(rename),
    output: node.output.map(rename),
    attribute: node.attribute.map((attribute) => renameAttribute(attribute, rename, prefix)),
  };
}

/** Bodies of If, Loop and Scan see the values around them, so they are renamed with them. */
function renameAttribute(attribute: AttributeProto, rename: (name: string) => string, prefix: string): AttributeProto {
  if (attribute.g === undefined && attribute.graphs.length === 0) return attribute;
  const body = (graph: GraphProto): GraphProto => ({
    ...graph,
    node: graph.node.map((node) => renameNode(node, rename, prefix)),
    initializer: graph.initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name ?? '') })),
    input: graph.input.map((value) => ({ ...value, name: rename(value.name ?? '') })),
    output: graph.output.map((value) => ({ ...value, name: rename(value.name ?? '') })),
    valueInfo: [],
  });
  return {
    ...attribute,
    ...(attribute.g === undefined ? {} : { g: body(attribute.g) }),
    graphs: attribute.graphs.map(body),
  };
}
