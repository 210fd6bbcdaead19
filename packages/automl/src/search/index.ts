export type { AutoMLEvent, AutoMLOutcome, AutoMLRequest, TrialRecord } from './api.ts';
export { automl } from './automl.ts';
export { parityTolerance } from './parity.ts';
