export { openTracking, type Tracking } from './mlflow/tracking.ts';
export * from './server.ts';
