/** A feature in the layout table is four 32-bit integers; `src/learners/gbdt/layout.ts` writes them. */

/** log2 of a feature's bytes. */
export const FEATURE_SHIFT: usize = 4;

/** Byte offsets: the first bin, the number of bins, of bins of values (0 for categories), and the bin of missing values or -1. */
export const FIRST_BIN: usize = 0;
export const BIN_COUNT: usize = 4;
export const VALUE_BINS: usize = 8;
export const MISSING_BIN: usize = 12;
