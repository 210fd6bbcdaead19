export { readTableFile } from './datasets/read-table.ts';
export { endOfReading, writingSeconds } from './jobs/time-budget.ts';
export { mlflowModel } from './models/mlflow-model.ts';
export { type LocalWorkspace, type LocalWorkspaceOptions, openLocalWorkspace } from './workspace.ts';
