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

/** `count` folds whose validation rows are every row once, and whose sizes differ by one at most. */
export function kFold(rows: Int32Array, classes: Int32Array | undefined, count: number, seed: number): Fold[] {
  const order = spread(rows, classes, seed);
  return Array.from({ length: count }, (_, fold) =>
    partition(
      rows,
      order.filter((_row, place) => place % count === fold),
    ),
  );
}

/**
 * The rows in an order whose every stretch holds the classes about as the whole does: within a class shuffled, then
 * placed evenly. So a prefix is a stratified hold-out, and every `count`-th row a stratified fold.
 */
function spread(rows: Int32Array, classes: Int32Array | undefined, seed: number): Int32Array {
  const random = createRandom(seed);
  const shuffled = random.shuffle(rows.slice());
  if (classes === undefined) return shuffled;
  const members = new Map<number, number[]>();
  for (const row of shuffled) {
    const label = classes[row] as number;
    const list = members.get(label);
    if (list) list.push(row);
    else members.set(label, [row]);
  }
  // Row i of a class with n rows stands at (i + offset) / n of the way; offsets keep rare classes from meeting at the same places.
  const placed = [...members].flatMap(([, list]) => {
    const offset = random.nextFloat();
    return list.map((row, i) => ({ row, place: (i + offset) / list.length }));
  });
  placed.sort((a, b) => a.place - b.place || a.row - b.row);
  return Int32Array.from(placed, ({ row }) => row);
}

/** Both parts in the order of the table, so that a fit reads memory forward. */
function partition(rows: Int32Array, chosen: Int32Array): Fold {
  const inside = new Set(chosen);
  return { train: rows.filter((row) => !inside.has(row)), validation: Int32Array.from(chosen).sort() };
}
