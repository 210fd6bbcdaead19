/**
 * MLflow's model registry over the models port: a version is a version of the workspace, and can be deployed; the words
 * that only MLflow has (descriptions, tags, aliases, stages) are kept beside it.
 */
import type { Workspace } from '@malachite/core';
import type { Artifacts } from '../artifacts.ts';
import type { Database } from '../database.ts';
import { adoptModels } from './adopt.ts';
import { modelVersions } from './model-versions.ts';
import { registeredModels } from './registered-models.ts';
import { registryRows } from './rows.ts';
import { registryShown } from './shown.ts';

export type Registry = ReturnType<typeof openRegistry>;

export function openRegistry(
  db: Database,
  workspace: Pick<Workspace, 'models' | 'datastore'>,
  artifacts: Artifacts,
  now: () => number,
) {
  const rows = registryRows(db, now);
  const shown = registryShown(rows);
  return {
    /** Sees what was registered elsewhere. */
    refresh: () => adoptModels(workspace.models, db, rows),
    models: registeredModels(db, rows, shown, workspace.models),
    versions: modelVersions(db, rows, shown, workspace, artifacts, now),
  };
}
