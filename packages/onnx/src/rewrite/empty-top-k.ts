/**
 * ONNX Runtime 1.30 divides by the number of rows in `TopK`: without any, its process ends (SIGFPE). skl2onnx's KNNImputer looks for the
 * neighbours of the rows that miss a value in just that way, and most requests miss none. One row more is looked through, and dropped.
 */
import { makeAttribute } from '../attributes.ts';
import type { FunctionProto, NodeProto } from '../proto.ts';

/** The function of skl2onnx that does so: over a matrix, a row for each that misses the value, a column for each possible neighbour. */
const NEIGHBOURS = 'calc_impute_donors';

export interface RewrittenFunctions {
  functions: FunctionProto[];
  /** As for a graph: a sentence, or none. */
  changes: string[];
}

export function emptyTopK(functions: readonly FunctionProto[]): RewrittenFunctions {
  let changed = 0;
  const made = functions.map((each): FunctionProto => {
    if (each.name !== NEIGHBOURS) return each;
    const node = each.node.flatMap((inner) => (inner.opType === 'TopK' ? padded(inner) : [inner]));
    changed += node.length - each.node.length;
    return { ...each, node };
  });
  const sentence = 'The KNNImputer could end the process of ONNX Runtime where no value is missing; it cannot now.';
  return { functions: made, changes: changed === 0 ? [] : [sentence] };
}

function padded(node: NodeProto): NodeProto[] {
  const [values = '', ...rest] = node.input;
  const named = (part: string): string => `${values}_one_row_more_${part}`;
  const constant = (part: string, ints: readonly number[]): NodeProto =>
    plain('Constant', [], [named(part)], [makeAttribute('value_ints', ints)]);
  const outputs = node.output.filter((name) => name !== '');
  return [
    constant('pads', [0, 0, 1, 0]),
    constant('first', [0]),
    constant('last', [-1]),
    constant('axis', [0]),
    plain('Pad', [values, named('pads')], [named('values')]),
    { ...node, input: [named('values'), ...rest], output: node.output.map((name) => (name === '' ? '' : named(name))) },
    ...outputs.map((name) => plain('Slice', [named(name), named('first'), named('last'), named('axis')], [name])),
  ];
}

function plain(opType: string, input: string[], output: string[], attribute: NodeProto['attribute'] = []): NodeProto {
  return { opType, domain: '', name: output[0] ?? '', input, output, attribute };
}
