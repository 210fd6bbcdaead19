export { MOST_PROCESS_ROWS } from './gaussian-process.ts';
export { type BinnedTable, type BinningOptions, binTable } from './gbdt/binning.ts';
export type { ClassLabel, Fit, FitInput, Learner, LearnerParams, Target, Task } from './learner.ts';
export { learners, requireLearner } from './learners.ts';
export { MOST_KEPT_ROWS } from './neighbors/kept-rows.ts';
