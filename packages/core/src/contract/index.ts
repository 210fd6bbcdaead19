export * from './harness.ts';
export * from './workspace.ts';
