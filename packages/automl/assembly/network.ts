/**
 * Batches of rows through the layers of a network and back, in float32. A batch is a multiple of 4 rows, a layer's outputs are a
 * multiple of 8 and its inputs of 4 (padded with zeros); matrices are row-major, weights [inputs, outputs].
 */

function madd(sum: v128, factor: v128, at: usize): v128 {
  return f32x4.add(sum, f32x4.mul(factor, v128.load(at)));
}

/** Copies rows of a matrix of `width` numbers next to each other. */
export function gatherRows(matrix: usize, width: i32, rows: usize, batch: i32, to: usize): void {
  const bytes = (<usize>width) << 2;
  for (let b: i32 = 0; b < batch; b++) {
    memory.copy(to + <usize>b * bytes, matrix + <usize>load<u32>(rows + ((<usize>b) << 2)) * bytes, bytes);
  }
}

/** `out = bias + input * weights`. */
export function layerForward(input: usize, inputs: i32, weights: usize, bias: usize, outputs: i32, batch: i32, out: usize): void {
  const inStride = (<usize>inputs) << 2;
  const outStride = (<usize>outputs) << 2;
  for (let b: i32 = 0; b < batch; b += 4) {
    const in0 = input + <usize>b * inStride;
    for (let o: usize = 0; o < outStride; o += 32) {
      let a0 = v128.load(bias + o);
      let a1 = v128.load(bias + o, 16);
      let b0 = a0;
      let b1 = a1;
      let c0 = a0;
      let c1 = a1;
      let d0 = a0;
      let d1 = a1;
      let w = weights + o;
      const end = in0 + inStride;
      for (let x = in0; x < end; x += 4) {
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        let factor = v128.load32_splat(x);
        a0 = f32x4.add(a0, f32x4.mul(factor, w0));
        a1 = f32x4.add(a1, f32x4.mul(factor, w1));
        factor = v128.load32_splat(x + inStride);
        b0 = f32x4.add(b0, f32x4.mul(factor, w0));
        b1 = f32x4.add(b1, f32x4.mul(factor, w1));
        factor = v128.load32_splat(x + 2 * inStride);
        c0 = f32x4.add(c0, f32x4.mul(factor, w0));
        c1 = f32x4.add(c1, f32x4.mul(factor, w1));
        factor = v128.load32_splat(x + 3 * inStride);
        d0 = f32x4.add(d0, f32x4.mul(factor, w0));
        d1 = f32x4.add(d1, f32x4.mul(factor, w1));
        w += outStride;
      }
      const to = out + <usize>b * outStride + o;
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to + outStride, b0);
      v128.store(to + outStride, b1, 16);
      v128.store(to + 2 * outStride, c0);
      v128.store(to + 2 * outStride, c1, 16);
      v128.store(to + 3 * outStride, d0);
      v128.store(to + 3 * outStride, d1, 16);
    }
  }
}

/** Adds the weights of the one-hot columns that are set in each row; a column below 0 is none. */
export function addColumns(columns: usize, count: i32, weights: usize, outputs: i32, batch: i32, out: usize): void {
  const stride = (<usize>outputs) << 2;
  for (let b: i32 = 0; b < batch; b++) {
    const to = out + <usize>b * stride;
    for (let c: i32 = 0; c < count; c++) {
      const column = load<i32>(columns + ((<usize>(b * count + c)) << 2));
      if (column < 0) continue;
      const w = weights + <usize>column * stride;
      for (let o: usize = 0; o < stride; o += 16) v128.store(to + o, f32x4.add(v128.load(to + o), v128.load(w + o)));
    }
  }
}

/** `x = max(0, x)` for `count` numbers, a multiple of 4. */
export function rectify(x: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 16) v128.store(x, f32x4.max(v128.load(x), zero));
}

/** `gradient = input' * slopes`. */
export function weightGradient(input: usize, inputs: i32, slopes: usize, outputs: i32, batch: i32, gradient: usize): void {
  const inStride = (<usize>inputs) << 2;
  const outStride = (<usize>outputs) << 2;
  for (let i: usize = 0; i < inStride; i += 16) {
    for (let o: usize = 0; o < outStride; o += 32) {
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      let x = input + i;
      let s = slopes + o;
      for (let b: i32 = 0; b < batch; b++) {
        const s0 = v128.load(s);
        const s1 = v128.load(s, 16);
        let factor = v128.load32_splat(x);
        a0 = f32x4.add(a0, f32x4.mul(factor, s0));
        a1 = f32x4.add(a1, f32x4.mul(factor, s1));
        factor = v128.load32_splat(x, 4);
        b0 = f32x4.add(b0, f32x4.mul(factor, s0));
        b1 = f32x4.add(b1, f32x4.mul(factor, s1));
        factor = v128.load32_splat(x, 8);
        c0 = f32x4.add(c0, f32x4.mul(factor, s0));
        c1 = f32x4.add(c1, f32x4.mul(factor, s1));
        factor = v128.load32_splat(x, 12);
        d0 = f32x4.add(d0, f32x4.mul(factor, s0));
        d1 = f32x4.add(d1, f32x4.mul(factor, s1));
        x += inStride;
        s += outStride;
      }
      const to = gradient + (i >> 2) * outStride + o;
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to + outStride, b0);
      v128.store(to + outStride, b1, 16);
      v128.store(to + 2 * outStride, c0);
      v128.store(to + 2 * outStride, c1, 16);
      v128.store(to + 3 * outStride, d0);
      v128.store(to + 3 * outStride, d1, 16);
    }
  }
}

/** Adds each row's slopes to the gradients of the columns that are set in it. */
export function columnGradient(columns: usize, count: i32, slopes: usize, outputs: i32, batch: i32, gradient: usize): void {
  const stride = (<usize>outputs) << 2;
  for (let b: i32 = 0; b < batch; b++) {
    const s = slopes + <usize>b * stride;
    for (let c: i32 = 0; c < count; c++) {
      const column = load<i32>(columns + ((<usize>(b * count + c)) << 2));
      if (column < 0) continue;
      const to = gradient + <usize>column * stride;
      for (let o: usize = 0; o < stride; o += 16) v128.store(to + o, f32x4.add(v128.load(to + o), v128.load(s + o)));
    }
  }
}

/** `gradient = sum of slopes`. */
export function biasGradient(slopes: usize, outputs: i32, batch: i32, gradient: usize): void {
  const stride = (<usize>outputs) << 2;
  for (let o: usize = 0; o < stride; o += 16) {
    let sum = f32x4.splat(0);
    for (let b: i32 = 0; b < batch; b++) sum = f32x4.add(sum, v128.load(slopes + <usize>b * stride + o));
    v128.store(gradient + o, sum);
  }
}

/** `below = slopes * weights'` where the unit below gave more than 0, else 0. */
export function slopesBelow(
  slopes: usize,
  outputs: i32,
  weights: usize,
  inputs: i32,
  batch: i32,
  given: usize,
  below: usize,
): void {
  const outStride = (<usize>outputs) << 2;
  const inStride = (<usize>inputs) << 2;
  const zero = f32x4.splat(0);
  for (let b: i32 = 0; b < batch; b += 2) {
    const s = slopes + <usize>b * outStride;
    for (let i: usize = 0; i < inStride; i += 16) {
      const w = weights + (i >> 2) * outStride;
      let a0 = zero;
      let a1 = zero;
      let a2 = zero;
      let a3 = zero;
      let b0 = zero;
      let b1 = zero;
      let b2 = zero;
      let b3 = zero;
      for (let o: usize = 0; o < outStride; o += 16) {
        const sa = v128.load(s + o);
        const sb = v128.load(s + outStride + o);
        let weight = v128.load(w + o);
        a0 = f32x4.add(a0, f32x4.mul(sa, weight));
        b0 = f32x4.add(b0, f32x4.mul(sb, weight));
        weight = v128.load(w + outStride + o);
        a1 = f32x4.add(a1, f32x4.mul(sa, weight));
        b1 = f32x4.add(b1, f32x4.mul(sb, weight));
        weight = v128.load(w + 2 * outStride + o);
        a2 = f32x4.add(a2, f32x4.mul(sa, weight));
        b2 = f32x4.add(b2, f32x4.mul(sb, weight));
        weight = v128.load(w + 3 * outStride + o);
        a3 = f32x4.add(a3, f32x4.mul(sa, weight));
        b3 = f32x4.add(b3, f32x4.mul(sb, weight));
      }
      const at = <usize>b * inStride + i;
      storeWhereOn(below + at, given + at, sums(a0, a1, a2, a3));
      storeWhereOn(below + at + inStride, given + at + inStride, sums(b0, b1, b2, b3));
    }
  }
}

/** The sum of the lanes of each of four. */
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

function storeWhereOn(to: usize, given: usize, values: v128): void {
  v128.store(to, v128.and(values, f32x4.gt(v128.load(given), f32x4.splat(0))));
}

/** A step of Adam (Kingma and Ba 2015) on `count` parameters, a multiple of 4, with an L2 penalty of strength `decay`. */
export function adam(parameters: usize, gradient: usize, mean: usize, square: usize, count: i32, rate: f32, decay: f32): void {
  const end = (<usize>count) << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const p = v128.load(parameters + at);
    const slope = madd(v128.load(gradient + at), f32x4.splat(decay), parameters + at);
    const m = f32x4.add(f32x4.mul(f32x4.splat(0.9), v128.load(mean + at)), f32x4.mul(f32x4.splat(0.1), slope));
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(0.999), v128.load(square + at)),
      f32x4.mul(f32x4.splat(0.001), f32x4.mul(slope, slope)),
    );
    v128.store(mean + at, m);
    v128.store(square + at, v);
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), m), f32x4.add(f32x4.sqrt(v), f32x4.splat(1e-8)));
    v128.store(parameters + at, f32x4.sub(p, step));
  }
}
