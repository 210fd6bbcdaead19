/** How many columns a matrix of free width must have, by what the graph does with it first. */
import { attributeInts } from './attributes.ts';
import { initializers } from './graph-reading.ts';
import type { GraphProto, NodeProto } from './proto.ts';
import { tensorValues } from './tensor.ts';

/** Operators that leave a matrix as wide as it was. */
const passOn = new Set([
  'Identity',
  'Cast',
  'Scaler',
  'Imputer',
  'Normalizer',
  'Sub',
  'Add',
  'Div',
  'Mul',
  'Binarizer',
  'Where',
  'Concat',
]);

const LONGEST_WAY = 16;

/** @param users the nodes that use each value, from `consumers` @returns 1 when the graph does not tell */
export function leastWidth(graph: GraphProto, users: ReadonlyMap<string, NodeProto[]>, input: string): number {
  const stored = initializers(graph);
  const seen = new Set<NodeProto>();
  let least = 1;

  function visit(value: string, steps: number): void {
    for (const node of users.get(value) ?? []) {
      if (seen.has(node) || steps > LONGEST_WAY) continue;
      seen.add(node);
      least = Math.max(least, read(node));
      if (passOn.has(node.opType ?? '') && node.input.length < 3) visit(node.output[0] ?? '', steps + 1);
    }
  }

  function read(node: NodeProto): number {
    switch (node.opType) {
      case 'TreeEnsembleClassifier':
      case 'TreeEnsembleRegressor':
      case 'TreeEnsemble':
        return largest(attributeInts(node.attribute, 'nodes_featureids')) + 1;
      case 'LinearRegressor':
        return floatsOf(node, 'coefficients') / targets(node);
      case 'LinearClassifier':
        return floatsOf(node, 'coefficients') / Math.max(1, floatsOf(node, 'intercepts'));
      case 'Scaler':
        return Math.max(1, floatsOf(node, 'offset'));
      case 'MatMul':
        return dimsOf(node.input[1])[0] ?? 1;
      case 'Gemm': {
        const isTurned = node.attribute.some(({ name, i }) => name === 'transB' && Number(i) === 1);
        return dimsOf(node.input[1])[isTurned ? 1 : 0] ?? 1;
      }
      case 'ArrayFeatureExtractor':
        return largestIndex(node.input[1]) + 1;
      default:
        return 1;
    }
  }

  const dimsOf = (name = ''): number[] => (stored.get(name)?.dims ?? []).map(Number);
  const largestIndex = (name = ''): number => {
    const tensor = stored.get(name);
    return tensor === undefined ? 0 : largest(tensorValues(tensor).map(Number));
  };
  visit(input, 0);
  return Number.isSafeInteger(least) ? least : 1;
}

function targets({ attribute }: NodeProto): number {
  return Math.max(1, Number(attribute.find(({ name }) => name === 'targets')?.i ?? 1));
}

function floatsOf({ attribute }: NodeProto, name: string): number {
  return attribute.find((each) => each.name === name)?.floats.length ?? 0;
}

/** A loop: the nodes of an ensemble are more than a call takes arguments. */
function largest(values: ArrayLike<number | bigint>): number {
  let found = 0;
  for (let i = 0; i < values.length; i++) found = Math.max(found, Number(values[i]));
  return found;
}
