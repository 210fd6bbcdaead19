export { hostEntry } from './host-entry.ts';
export type * from './host-messages.ts';
export type { Keys } from './http/keys.ts';
export type { RequestRow } from './http/request-log.ts';
export { Batch, type Rows } from './model/batch.ts';
export { Joiner, type Scored } from './model/joiner.ts';
export { type LoadOptions, loadModel, type ScoringModel } from './model/load-model.ts';
export type { Numbers, Prediction } from './model/prediction.ts';
export { scoreColumns } from './model/score-columns.ts';
export { openapiDocument, swaggerVersion } from './openapi/document.ts';
export type { DocumentedForm, SwaggerVersion } from './openapi/schemas.ts';
export {
  type EndpointState,
  type ScoringServer,
  type ScoringServerOptions,
  type ServedDeployment,
  startScoringServer,
} from './server.ts';
