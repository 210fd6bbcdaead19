/** Gives the values at a graph's edge other names inside it, so that a node can be put between the edge and the rest. */
import type { AttributeProto, GraphProto, NodeProto } from '../proto.ts';

export interface Rewired {
  /** Its inputs and outputs are declared as before; what connects them to the inside is for the caller to add. */
  graph: GraphProto;
  /** The name inside. */
  renamed(name: string): string;
}

/** Inputs are read, and outputs are made and read, under other names. Values of the edge that are both keep one name. */
export function rewired(graph: GraphProto, names: readonly string[], suffix: string): Rewired {
  const taken = new Set(graph.node.flatMap((node) => [...node.input, ...node.output]));
  const inner = new Map(names.map((name) => [name, freeName(`${name}_${suffix}`, taken)]));
  const renamed = (name: string): string => inner.get(name) ?? name;
  return { graph: { ...graph, node: graph.node.map((node) => renameNode(node, renamed)) }, renamed };
}

/** Bodies of If, Loop and Scan see the values around them. */
function renameNode(node: NodeProto, renamed: (name: string) => string): NodeProto {
  const body = (graph: GraphProto): GraphProto => ({
    ...graph,
    node: graph.node.map((each) => renameNode(each, renamed)),
    output: graph.output.map((value) => ({ ...value, name: renamed(value.name ?? '') })),
  });
  const attribute = node.attribute.map(
    (each): AttributeProto => ({
      ...each,
      ...(each.g === undefined ? {} : { g: body(each.g) }),
      graphs: each.graphs.map(body),
    }),
  );
  return { ...node, input: node.input.map(renamed), output: node.output.map(renamed), attribute };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
  return name;
}
