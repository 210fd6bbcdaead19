/** MLflow over a workspace: its own store for what MLflow has words for, the workspace's ports for bytes, jobs and models. */
import type { Workspace } from '@malachite/core';
import { type Artifacts, openArtifacts } from './artifacts.ts';
import { type Database, openDatabase } from './database.ts';
import { type Experiments, openExperiments } from './experiments.ts';
import { jobsAsRuns } from './jobs-as-runs.ts';
import { type LoggedModels, openLoggedModels } from './logged-models.ts';
import { openRegistry, type Registry } from './registry/registry.ts';
import { openRuns, type Runs } from './runs.ts';

export type Tracking = {
  readonly db: Database;
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly artifacts: Artifacts;
  readonly loggedModels: LoggedModels;
  readonly registry: Registry;
  /** Brings jobs and models that were made elsewhere up to date. */
  refresh(): Promise<void>;
  close(): void;
};

/** @param file of the store, made when it is not there. */
export function openTracking(workspace: Workspace, file: string, now: () => number = Date.now): Tracking {
  const db = openDatabase(file);
  const experiments = openExperiments(db, now);
  const runs = openRuns(db, experiments, now);
  const artifacts = openArtifacts(db, workspace);
  const jobs = jobsAsRuns(workspace, db, experiments, runs);
  const registry = openRegistry(db, workspace, artifacts, now);
  return {
    db,
    experiments,
    runs,
    artifacts,
    loggedModels: openLoggedModels(db, experiments, now),
    registry,
    refresh: () => jobs.refresh(),
    close: () => db.close(),
  };
}
