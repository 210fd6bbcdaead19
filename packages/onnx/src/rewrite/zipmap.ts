/** Removes ZipMap: it turns a probability tensor into a list of maps, which onnxruntime-node cannot return. */
import { listedLabels } from '../classes.ts';
import type { ClassLabel } from '../embedded-signature.ts';
import { consumers } from '../graph-reading.ts';
import { elementType, type GraphProto, type NodeProto, type ValueInfo } from '../proto.ts';
import type { Rewritten } from './rewrite.ts';

/** Every output made by a ZipMap becomes the float tensor `[n, classes]` that the ZipMap was given, under the same name. */
export function zipMaps(graph: GraphProto): Rewritten {
  const labels = new Map<string, ClassLabel[]>();
  const outputs = new Set(graph.output.map(({ name }) => name));
  const users = consumers(graph);
  const node = graph.node.map((each): NodeProto => {
    const output = each.output[0] ?? '';
    const leavesGraph = outputs.has(output) && !users.has(output);
    if (each.opType !== 'ZipMap' || !leavesGraph) return each;
    labels.set(output, listedLabels(each) ?? []);
    return { ...each, opType: 'Identity', domain: '', attribute: [] };
  });
  const output = graph.output.map((value): ValueInfo => {
    const classes = labels.get(value.name ?? '');
    return classes === undefined ? value : { ...value, type: probabilities(classes.length) };
  });
  const changes = [...labels].map(
    ([name, classes]) =>
      `Output "${name}" was a list of maps (ZipMap); it is a float tensor [n, ${classes.length || 'classes'}] now.`,
  );
  return { graph: changes.length === 0 ? graph : { ...graph, node, output }, changes, labels };
}

function probabilities(classes: number): ValueInfo['type'] {
  const width = classes > 0 ? { dimValue: classes } : {};
  return { tensorType: { elemType: elementType.float, shape: { dim: [{}, width] } } };
}
