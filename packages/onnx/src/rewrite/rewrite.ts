/** What is changed in a graph before it is served, and what that makes of it. One file each. */
import type { ClassLabel } from '../embedded-signature.ts';
import type { GraphProto } from '../proto.ts';
import { halfFloats } from './half-floats.ts';
import { locales } from './locales.ts';
import { rowsFirst } from './rows-first.ts';
import { sequences } from './sequences.ts';
import { zipMaps } from './zipmap.ts';

export interface Rewritten {
  graph: GraphProto;
  /** What was changed, one sentence each; empty when nothing was. */
  changes: string[];
  /** Output -> the labels that its maps were keyed by. */
  labels?: ReadonlyMap<string, ClassLabel[]>;
}

export type Rewrite = (graph: GraphProto) => Rewritten;

const rewrites: readonly Rewrite[] = [zipMaps, sequences, rowsFirst, halfFloats, locales];

/** Everything that stands between a sound graph and the runtime for Node, or a caller who writes JSON. */
export function rewrite(original: GraphProto): Required<Rewritten> {
  let graph = original;
  const changes: string[] = [];
  const labels = new Map<string, ClassLabel[]>();
  for (const each of rewrites) {
    const made = each(graph);
    graph = made.graph;
    changes.push(...made.changes);
    for (const [output, classes] of made.labels ?? []) labels.set(output, classes);
  }
  return { graph, changes, labels };
}
