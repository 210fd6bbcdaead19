import './node-version.ts';

export { createData, uploadInput } from './assets/create-data.ts';
export { createModel } from './assets/create-model.ts';
export { openWorkspace } from './open-workspace.ts';
export { type Malachite, startMalachite } from './start-malachite.ts';
export * from './yaml/index.ts';
