/** A run of `malachite automl`, as its files and its report tell it. */
import type { AutoMLOutcome } from '@malachite/automl';
import type { AutoMLSpec } from '@malachite/core';

export type RunRecord = {
  readonly outcome: AutoMLOutcome;
  readonly spec: AutoMLSpec;
  readonly jobName: string;
  readonly rows: number;
  /** What it was trained on. */
  readonly file: string;
};
