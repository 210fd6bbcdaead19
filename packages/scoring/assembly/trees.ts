/**
 * The inner loop of tree ensembles, in AssemblyScript. `npm run build:kernels -w packages/scoring` compiles it into
 * `src/compiled/trees-binary.ts`.
 *
 * A node is 16 bytes: a word, the threshold (f32), and the addresses of its two children. The word of a branch is 4 * feature, plus 1 when
 * a missing value (NaN) goes to the first child; a row goes to the first child when its value is <= the threshold. The word of a leaf has
 * bit 1 set, its children are itself and its threshold field holds the address of its values. Trees are walked four at a time, each step without a branch that
 * depends on the data: four independent chains of loads keep a processor busy that one chain would leave waiting.
 */

const LEAF: u32 = 2;
const FLAGS: u32 = 3;

function next(node: u32, word: u32, row: u32): u32 {
  const x = load<f32>(row + (word & ~FLAGS));
  return select(load<u32>(node, 8), load<u32>(node, 12), x <= load<f32>(node, 4));
}

function nextOrMissing(node: u32, word: u32, row: u32): u32 {
  const at = row + (word & ~FLAGS);
  const first = u32(load<f32>(at) <= load<f32>(node, 4)) | (u32(isMissing(at)) & word & 1);
  return select(load<u32>(node, 8), load<u32>(node, 12), first);
}

function add(leaf: u32, out: u32, targets: u32): void {
  const values = load<u32>(leaf, 4);
  for (let k: u32 = 0; k < targets; k++) {
    store<f32>(out + k * 4, load<f32>(out + k * 4) + load<f32>(values + k * 4));
  }
}

/**
 * Adds every tree's leaf to `out`, tree after tree in single precision, as ONNX Runtime does.
 *
 * @param rows address of the features, row after row
 * @param width features a row
 * @param roots address of the trees' root addresses
 * @param trees a multiple of 4
 * @param out address of the sums, `targets` a row
 */
export function sumLeaves(rows: u32, count: u32, width: u32, roots: u32, trees: u32, out: u32, targets: u32): void {
  const missing = hasMissing(rows, count * width);
  for (let t: u32 = 0; t < trees; t += 4) {
    const at = roots + t * 4;
    for (let r: u32 = 0; r < count; r++) {
      const row = rows + r * width * 4;
      let a = load<u32>(at);
      let b = load<u32>(at, 4);
      let c = load<u32>(at, 8);
      let d = load<u32>(at, 12);
      if (missing) {
        for (;;) {
          const wa = load<u32>(a);
          const wb = load<u32>(b);
          const wc = load<u32>(c);
          const wd = load<u32>(d);
          if (wa & wb & wc & wd & LEAF) break;
          a = nextOrMissing(a, wa, row);
          b = nextOrMissing(b, wb, row);
          c = nextOrMissing(c, wc, row);
          d = nextOrMissing(d, wd, row);
        }
      } else {
        for (;;) {
          const wa = load<u32>(a);
          const wb = load<u32>(b);
          const wc = load<u32>(c);
          const wd = load<u32>(d);
          if (wa & wb & wc & wd & LEAF) break;
          a = next(a, wa, row);
          b = next(b, wb, row);
          c = next(c, wc, row);
          d = next(d, wd, row);
        }
      }
      const to = out + r * targets * 4;
      add(a, to, targets);
      add(b, to, targets);
      add(c, to, targets);
      add(d, to, targets);
    }
  }
}

function hasMissing(from: u32, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) if (isMissing(from + i * 4)) return true;
  return false;
}

/** NaN by its bits: an exponent of ones and a fraction that is not zero. */
function isMissing(at: u32): bool {
  return (load<u32>(at) & 0x7fffffff) > 0x7f800000;
}
