/** A run that an MLflow client made, as the run history tells it; what is changed of it is changed for MLflow too. */
import { type JsonObject, objectAt, textAt } from '../arm/resource.ts';
import type { RunRow } from '../mlflow/runs.ts';
import type { Tracking } from '../mlflow/tracking.ts';

const statuses: Readonly<Record<string, string>> = {
  RUNNING: 'Running',
  SCHEDULED: 'NotStarted',
  FINISHED: 'Completed',
  FAILED: 'Failed',
  KILLED: 'Canceled',
};

/** The run of that id, unless it is a job or a trial, which tell themselves. */
export function findLogged({ db }: Tracking, id: string): RunRow | undefined {
  return db.get<RunRow>('SELECT * FROM runs WHERE id = ? AND job IS NULL', [id]);
}

export function loggedParts({ runs }: Tracking, row: RunRow) {
  const { tags, params } = runs.show(row, () => '').data;
  const pairs = (found: readonly { readonly key: string; readonly value: string }[]) =>
    Object.fromEntries(found.map(({ key, value }) => [key, value]));
  const tagged = pairs(tags);
  const parent = tagged['mlflow.parentRunId'] ?? null;
  return {
    parentRunId: parent,
    rootRunId: tagged['mlflow.rootRunId'] ?? parent ?? row.id,
    displayName: row.name,
    status: statuses[row.status] ?? 'Running',
    runType: null,
    startTimeUtc: new Date(row.start_time).toISOString(),
    endTimeUtc: row.end_time === null ? null : new Date(row.end_time).toISOString(),
    tags: tagged,
    properties: {},
    parameters: pairs(params),
    error: null,
    inputs: {},
    outputs: {},
    runTypeV2: { orchestrator: null, traits: [], attribution: null, computeType: null },
  };
}

/** Name and tags, as Azure's clients send them. */
export function changeLogged({ runs }: Tracking, id: string, changes: JsonObject): void {
  const name = textAt(changes, 'displayName');
  if (name) runs.tag(id, 'mlflow.runName', name);
  for (const [key, value] of Object.entries(objectAt(changes, 'tags') ?? {})) runs.tag(id, key, String(value ?? ''));
}
