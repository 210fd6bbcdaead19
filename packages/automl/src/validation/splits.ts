/** The splits themselves: shuffled by a seed, every class spread over the parts in its own proportion. */
import { createRandom } from '../random.ts';

export type Fold = { readonly train: Int32Array; readonly validation: Int32Array };

/**
 * One hold-out of ceil(share x rows) rows.
 * @param rows The rows to split.
 * @param classes Class index by row of the table; undefined for regression, which is only shuffled.
 */
export function holdOut(rows: Int32Array, classes: Int32Array | undefined, share: number, seed: number): Fold {
  const wanted = Math.min(rows.length - 1, Math.ceil(share * rows.length));
  return partition(rows, spread(rows, classes, seed).subarray(0, wanted));
}

/** `count` folds whose validation rows are every row once, and whose sizes differ by one at most, overall and class by class. */
export function kFold(rows: Int32Array, classes: Int32Array | undefined, count: number, seed: number): Fold[] {
  // Dealt like cards, one class after the other: neighbours in this order go to different folds.
  const order = byClass(createRandom(seed).shuffle(rows.slice()), classes).flatMap((members) => Array.from(members));
  return Array.from({ length: count }, (_, fold) =>
    partition(rows, Int32Array.from(order.filter((_row, place) => place % count === fold))),
  );
}

/** The rows in an order whose every beginning holds the classes about as the whole does: shuffled within a class, then placed evenly. */
function spread(rows: Int32Array, classes: Int32Array | undefined, seed: number): Int32Array {
  const random = createRandom(seed);
  const shuffled = random.shuffle(rows.slice());
  if (classes === undefined) return shuffled;
  // Row i of a class with n rows stands at (i + offset) / n of the way; offsets keep rare classes from standing side by side.
  const placed = byClass(shuffled, classes).flatMap((members) => {
    const offset = random.nextFloat();
    return Array.from(members, (row, i) => ({ row, place: (i + offset) / members.length }));
  });
  placed.sort((a, b) => a.place - b.place || a.row - b.row);
  return Int32Array.from(placed, ({ row }) => row);
}

/** The rows of each class in the order they come; one group for all without classes. */
function byClass(rows: Int32Array, classes: Int32Array | undefined): Int32Array[] {
  if (classes === undefined) return [rows];
  const labels = new Set(rows.map((row) => classes[row] as number));
  return Array.from(labels)
    .sort((a, b) => a - b)
    .map((label) => rows.filter((row) => classes[row] === label));
}

/** Both parts in the order of the table, so that a fit reads memory forward. */
function partition(rows: Int32Array, chosen: Int32Array): Fold {
  const inside = new Set(chosen);
  return { train: rows.filter((row) => !inside.has(row)), validation: Int32Array.from(chosen).sort() };
}
