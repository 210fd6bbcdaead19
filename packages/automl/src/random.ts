/**
 * A seeded generator of random numbers: the same numbers on every machine.
 * xoshiro128** (Blackman, Vigna 2018), its state filled by splitmix32 from one seed.
 */
export type Random = {
  /** A float in [0, 1) with 32 random bits. */
  nextFloat(): number;
  /** A whole number in [0, below). */
  nextInt(below: number): number;
  /** A float from the standard normal distribution (Box and Muller 1958). */
  nextNormal(): number;
  /** Puts the items in random order (Fisher and Yates), in place, and returns them. */
  shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items;
};

export function createRandom(seed: number): Random {
  let fill = seed >>> 0;
  const splitmix = (): number => {
    fill = (fill + 0x9e3779b9) | 0;
    let z = fill;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
  const nextBits = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  const nextFloat = (): number => nextBits() / 2 ** 32;
  const nextInt = (below: number): number => Math.floor(nextFloat() * below);
  return {
    nextFloat,
    nextInt,
    nextNormal: () => Math.sqrt(-2 * Math.log(1 - nextFloat())) * Math.cos(2 * Math.PI * nextFloat()),
    shuffle(items) {
      const places: { readonly length: number; [index: number]: unknown } = items;
      for (let i = places.length - 1; i > 0; i--) {
        const j = nextInt(i + 1);
        [places[i], places[j]] = [places[j], places[i]];
      }
      return items;
    },
  };
}
