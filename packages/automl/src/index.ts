export * from './charts/index.ts';
export * from './ensemble/index.ts';
export * from './explanation/index.ts';
export * from './guardrails/index.ts';
export * from './metrics/index.ts';
export * from './purpose/index.ts';
export * from './table/table.ts';
