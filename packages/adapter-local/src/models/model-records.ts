/** Model versions as rows of the database. */
import type { AssetFile, Metrics, Model, ModelSignature, Parity, Tags } from '@malachite/core';
import type { Database } from '../store/database.ts';
import { fromJson, fromJsonOr } from '../store/json.ts';
import { type VersionedTable, versionedTable } from '../store/versioned.ts';

export type ModelRow = {
  name: string;
  version: string;
  type: Model['type'];
  description: string | null;
  tags: string | null;
  properties: string | null;
  files: string;
  sha256: string;
  onnx_path: string | null;
  signature: string | null;
  job_name: string | null;
  trial_name: string | null;
  metrics: string | null;
  parity: string | null;
  is_archived: number;
  created_at: string;
};

export function modelRows(db: Database): VersionedTable<ModelRow> {
  return versionedTable<ModelRow>(db, 'models', 'model');
}

export function toModel(row: ModelRow): Model {
  return {
    name: row.name,
    version: row.version,
    type: row.type,
    description: row.description ?? undefined,
    tags: fromJsonOr<Tags>(row.tags),
    properties: fromJsonOr<Tags>(row.properties),
    files: fromJson<AssetFile[]>(row.files),
    sha256: row.sha256,
    signature: fromJsonOr<ModelSignature>(row.signature) ?? null,
    jobName: row.job_name,
    trialName: row.trial_name,
    metrics: fromJsonOr<Metrics>(row.metrics) ?? null,
    parity: fromJsonOr<Parity>(row.parity) ?? null,
    isArchived: row.is_archived === 1,
    createdAt: row.created_at,
  };
}
