/** Small questions asked of a graph: who makes a value, who uses it, what its declared shape is. */
import {
  type ElementTypeName,
  elementTypeName,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfo,
} from './proto.ts';

/** Both spellings of the default operator domain. */
export function isDefaultDomain(domain: string | undefined): boolean {
  return domain === undefined || domain === '' || domain === 'ai.onnx';
}

/** The node that makes each value. */
export function producers(graph: GraphProto): Map<string, NodeProto> {
  const map = new Map<string, NodeProto>();
  for (const node of graph.node) for (const output of node.output) if (output !== '') map.set(output, node);
  return map;
}

/** The nodes that use each value directly; bodies of If, Loop and Scan are not looked into. */
export function consumers(graph: GraphProto): Map<string, NodeProto[]> {
  const map = new Map<string, NodeProto[]>();
  for (const node of graph.node) {
    for (const input of node.input) {
      const users = map.get(input);
      if (users === undefined) map.set(input, [node]);
      else users.push(node);
    }
  }
  return map;
}

export function initializers(graph: GraphProto): Map<string, TensorProto> {
  return new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
}

/** The inputs a caller feeds: those that are not merely the declaration of an initializer, as files before IR version 4 have them. */
export function fedInputs(graph: GraphProto): ValueInfo[] {
  const stored = initializers(graph);
  return graph.input.filter((input) => !stored.has(input.name ?? ''));
}

export interface TensorInfo {
  elementType: ElementTypeName;
  /** A fixed size, or null for a free one; undefined when the rank itself is unknown. */
  dims: (number | null)[] | undefined;
}

/** What a value is declared to be, or undefined when it is no tensor of a type we know (a sequence, a map, an exotic element). */
export function tensorInfo(value: ValueInfo): TensorInfo | undefined {
  const type = value.type?.tensorType;
  const name = elementTypeName(type?.elemType);
  if (type === undefined || name === undefined) return undefined;
  // A free size may be written as nothing, as a name, or, by some exporters, as zero or a negative number.
  const dims = type.shape?.dim.map(({ dimValue }) => {
    const size = Number(dimValue ?? 0);
    return size > 0 ? size : null;
  });
  return { elementType: name, dims };
}
