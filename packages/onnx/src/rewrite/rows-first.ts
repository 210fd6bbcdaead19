/** Brings rows to the front of outputs that have them second: `[targets, n, classes]`, as multilabel classifiers are exported. */
import { makeAttribute } from '../attributes.ts';
import { producers, tensorInfo } from '../graph-reading.ts';
import type { Dimension, GraphProto, ValueInfo } from '../proto.ts';
import type { Rewritten } from './rewrite.ts';
import { rewired } from './wires.ts';

/** Every output whose declared first size is fixed and whose second is free is transposed, under the same name. */
export function rowsFirst(graph: GraphProto): Rewritten {
  // Where an input fixes the number of rows, a fixed first size is that number.
  const isFree = graph.input.every((input) => (tensorInfo(input)?.dims?.[0] ?? null) === null);
  const makers = producers(graph);
  const isTurned = (value: ValueInfo): boolean => isFree && hasRowsSecond(value) && makers.has(value.name ?? '');
  const turned = new Map(graph.output.filter(isTurned).map((value) => [value.name ?? '', value]));
  if (turned.size === 0) return { graph, changes: [] };
  const wires = rewired(graph, [...turned.keys()], 'rows_second');
  const transposes = [...turned].map(([name, value]) => ({
    name: `${name}_rows_first`,
    opType: 'Transpose',
    domain: '',
    input: [wires.renamed(name)],
    output: [name],
    attribute: [makeAttribute('perm', [1, 0, ...(tensorInfo(value)?.dims ?? []).slice(2).map((_, i) => i + 2)])],
  }));
  const output = graph.output.map((value) => (turned.has(value.name ?? '') ? swapped(value) : value));
  return {
    graph: { ...wires.graph, node: [...wires.graph.node, ...transposes], output },
    changes: [...turned.keys()].map(
      (name) => `Output "${name}" had its rows in the second dimension; they are in the first now.`,
    ),
  };
}

function hasRowsSecond(value: ValueInfo): boolean {
  const [first, second] = tensorInfo(value)?.dims ?? [];
  // [1, n] is [n] already, as it lies in memory.
  return typeof first === 'number' && first > 1 && second === null;
}

function swapped(value: ValueInfo): ValueInfo {
  const tensorType = value.type?.tensorType;
  const [first, second, ...rest] = tensorType?.shape?.dim ?? [];
  return { ...value, type: { tensorType: { ...tensorType, shape: { dim: [second, first, ...rest] as Dimension[] } } } };
}
