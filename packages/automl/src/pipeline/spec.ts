/** What a pipeline is before it is fitted. */
import type { LearnerParams } from '../learners/learner.ts';

export type PipelineSpec = {
  /** Azure ML's name of the learner, e.g. `LightGBM`. */
  readonly algorithm: string;
  /** Azure ML's name of a scaler or projection (`preprocessorNames`), or '' for none. Trees take none: they split alike whatever the scale. */
  readonly preprocessor: string;
  readonly params: LearnerParams;
};
