/** A tree ensemble over the columns of a block. */
import { BLOCK } from '../heap.ts';
import type { Kernel, Node } from '../node.ts';
import type { FloatSlot } from '../slot.ts';
import { askedColumns, readEnsemble, tracksMissing } from './ensemble.ts';
import { scanned } from './scan.ts';
import { walked } from './walk.ts';

/** Adds every tree's leaf to the columns of sums, from the byte address `out` on. @param isMissing a missing value may go to a first child */
export type AddTrees = (rows: number, out: number, isMissing: boolean) => void;

/**
 * Sums the leaves that each row falls into, tree after tree in single precision, as ONNX Runtime does.
 *
 * @param weights which attributes hold the leaves' values: `class` or `target`
 * @param targets values a leaf adds to; ids beyond are refused
 * @returns the columns of the sums, one a target, and what computes them
 * @throws Unsupported
 */
export function treeSums(node: Node, weights: 'class' | 'target', targets: number): { out: FloatSlot; run: Kernel } {
  const { heap } = node;
  const ensemble = readEnsemble(node, weights, targets, node.floatInput(0));
  // A scan costs four rows what it costs one, which walks faster. Both add the same leaves in the same order.
  const walk = walked(ensemble, heap);
  const scan = scanned(ensemble, heap) ?? walk;
  const asked = askedColumns(ensemble);
  const askedAt = tracksMissing(ensemble) ? heap.addresses(asked) : undefined;
  const out = heap.slot('float', targets);
  const to = out.columns[0] as number;
  return {
    out,
    run(rows) {
      const isMissing = askedAt !== undefined && heap.kernels.hasMissing(rows, askedAt, asked.length) !== 0;
      heap.data.float.fill(0, to, to + targets * BLOCK);
      (rows === 1 ? walk : scan)(rows, to * 4, isMissing);
    },
  };
}
