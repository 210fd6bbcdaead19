/** What both sides of `bench/gbdt.ts` are told, as JSON on the command line, and what they answer, as JSON on stdout. */

export type RunSpec = {
  /** Holds `train.bin` and `test.bin`. */
  readonly folder: string;
  /** Columns, the target among them, and how many of them are numbers. */
  readonly columns: number;
  readonly numeric: number;
  readonly task: 'classification' | 'regression';
  readonly trees: number;
  /** Thread numbers to fit with, one after the other, each `repeats` times. */
  readonly threads: readonly number[];
  readonly repeats: number;
};

export type Seconds = { readonly cpu: number; readonly wall: number };

export type RunFigures = {
  readonly binning: Seconds;
  /** For each of `threads`, its repeats. */
  readonly fits: readonly (readonly Seconds[])[];
  readonly peakBytes: number;
  /** Of the held-out rows: AUC, or R2 for regression. */
  readonly score: number;
};
