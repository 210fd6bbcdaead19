export { Batch, type Rows } from './model/batch.ts';
export { Joiner, type Scored } from './model/joiner.ts';
export { type LoadOptions, loadModel, type ScoringModel } from './model/load-model.ts';
export type { Numbers, Prediction } from './model/prediction.ts';
export { scoreColumns } from './model/score-columns.ts';
