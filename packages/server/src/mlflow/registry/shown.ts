/** Registered models and their versions as MLflow answers them. */
import { fromJson, pairsOf } from '../key-values.ts';
import type { ModelRow, RegistryRows, VersionRow } from './rows.ts';

export type Shown = ReturnType<typeof registryShown>;

export function registryShown(rows: RegistryRows) {
  const version = (row: VersionRow) => ({
    name: row.name,
    version: row.version,
    creation_timestamp: row.created,
    last_updated_timestamp: row.updated,
    current_stage: row.stage,
    description: row.description,
    source: row.source,
    run_id: row.run_id ?? '',
    ...(row.model_id !== null && { model_id: row.model_id }),
    status: 'READY',
    tags: pairsOf(row.tags),
    aliases: Object.entries(fromJson(rows.model(row.name).aliases))
      .filter(([, number]) => number === row.version)
      .map(([alias]) => alias),
  });
  /** The newest version in each stage, or in each of those named. */
  const latest = (name: string, stages: readonly string[] = []) => {
    const wanted = new Set(stages.map((stage) => stage.toLowerCase()));
    const seen = new Set<string>();
    return rows.versions(name).flatMap((row) => {
      if (seen.has(row.stage) || (wanted.size > 0 && !wanted.has(row.stage.toLowerCase()))) return [];
      seen.add(row.stage);
      return [version(row)];
    });
  };
  const model = (row: ModelRow) => ({
    name: row.name,
    creation_timestamp: row.created,
    last_updated_timestamp: row.updated,
    description: row.description,
    latest_versions: latest(row.name),
    tags: pairsOf(row.tags),
    aliases: Object.entries(fromJson(row.aliases)).map(([alias, number]) => ({ alias, version: number })),
  });
  return { version, latest, model };
}
