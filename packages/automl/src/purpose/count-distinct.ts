/** How many different numbers a column has, by a hash table over their bits: several times as fast as sorting them. */

export type DistinctNumbers = {
  /** Different numbers, NaN not counted; 0 and -0 are one. */
  readonly distinct: number;
  /** NaN. */
  readonly missing: number;
};

const SMALLEST_TABLE = 1 << 10;

export function countDistinct(values: Float64Array): DistinctNumbers {
  let table = new Float64Array(SMALLEST_TABLE).fill(Number.NaN);
  let mask = SMALLEST_TABLE - 1;
  let distinct = 0;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] as number) + 0; // -0 + 0 is 0
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    let slot = hashOf(value) & mask;
    let held = table[slot] as number;
    while (held !== value && !Number.isNaN(held)) {
      slot = (slot + 1) & mask;
      held = table[slot] as number;
    }
    if (held === value) continue;
    table[slot] = value;
    distinct++;
    if (2 * distinct <= mask) continue;
    table = grown(table);
    mask = table.length - 1;
  }
  return { distinct, missing };
}

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

function hashOf(value: number): number {
  bits[0] = value;
  const mixed = Math.imul((words[0] as number) ^ Math.imul(words[1] as number, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function grown(table: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(4 * table.length).fill(Number.NaN);
  const mask = larger.length - 1;
  for (let i = 0; i < table.length; i++) {
    const value = table[i] as number;
    if (Number.isNaN(value)) continue;
    let slot = hashOf(value) & mask;
    while (!Number.isNaN(larger[slot])) slot = (slot + 1) & mask;
    larger[slot] = value;
  }
  return larger;
}
