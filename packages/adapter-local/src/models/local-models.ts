/** The models port: versions recorded in the database, their files in the blob store. */
import {
  type AssetFile,
  MalachiteError,
  type Metrics,
  type Model,
  type ModelCreate,
  type ModelSignature,
  type Models,
  type Parity,
  type Tags,
  type VersionInput,
} from '@malachite/core';
import type { JobRecords } from '../jobs/job-records.ts';
import { contentSha256, mustBeNamed, nextVersion, storedFiles } from '../store/assets.ts';
import type { Context } from '../store/context.ts';
import { fromJson, fromJsonOr, toJson } from '../store/json.ts';
import { jobOutput } from './job-output.ts';
import { readModelFiles } from './model-files.ts';

export type LocalModels = Models & {
  /** The ONNX file that a version (without one, the latest) serves; null when it has none. */
  servedFile(input: VersionInput): AssetFile | null;
  /** All files of a version. */
  filesOf(input: VersionInput): AssetFile[];
};

type ModelRow = {
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

export function localModels({ db, blobs, clock }: Context, records: JobRecords): LocalModels {
  const versionRows = (name: string): ModelRow[] => {
    const rows = db.all<ModelRow>('SELECT * FROM models WHERE name = ? ORDER BY ordinal DESC', [name]);
    if (rows.length === 0) throw new MalachiteError('NotFound', `Model "${name}" does not exist.`);
    return rows;
  };
  const rowOf = (name: string, version: string | undefined): ModelRow => {
    const rows = versionRows(name);
    const row =
      version === undefined ? (rows.find((each) => !each.is_archived) ?? rows[0]) : rows.find((each) => each.version === version);
    if (row) return row;
    const versions = rows.map((each) => each.version).toReversed();
    throw new MalachiteError('NotFound', `Model "${name}:${version}" does not exist. Versions: ${versions.join(', ')}.`);
  };

  const sourceOf = async ({ files, path }: ModelCreate) => {
    if ((files === undefined) === (path === undefined)) {
      throw new MalachiteError(
        'InvalidInput',
        'A model is made from "files" or from "path", an output of a job: give one of them.',
      );
    }
    if (path !== undefined) return jobOutput(path, records);
    return { files: await storedFiles(blobs, files ?? []), jobName: null, trialName: null, metrics: null, parity: null };
  };

  return {
    async create(input) {
      mustBeNamed('model', input.name, input.version);
      const { files, ...origin } = await sourceOf(input);
      const content = await readModelFiles(files, input.type, blobs);
      const sha256 = contentSha256(files);
      // From here on nothing waits, so two calls cannot choose the same version.
      return db.transaction(() => {
        const known = db.all<ModelRow>('SELECT * FROM models WHERE name = ? ORDER BY ordinal', [input.name]);
        const same = known.find((row) => row.sha256 === sha256 && (input.version ?? row.version) === row.version);
        if (same) {
          db.run('UPDATE models SET is_archived = 0 WHERE name = ? AND version = ?', [same.name, same.version]);
          return toModel({ ...same, is_archived: 0 });
        }
        if (known.some((row) => row.version === input.version)) {
          throw new MalachiteError(
            'Conflict',
            `Model "${input.name}:${input.version}" exists with other content. Versions are immutable: choose another, or none.`,
          );
        }
        const version = input.version ?? nextVersion(known.map((row) => row.version));
        db.run(
          `INSERT INTO models (name, version, type, description, tags, properties, files, sha256, onnx_path, signature,
             job_name, trial_name, metrics, parity, created_at)
           VALUES (:name, :version, :type, :description, :tags, :properties, :files, :sha256, :onnxPath, :signature,
             :jobName, :trialName, :metrics, :parity, :createdAt)`,
          {
            name: input.name,
            version,
            type: content.type,
            description: input.description,
            tags: toJson(input.tags),
            properties: toJson(input.properties),
            files: JSON.stringify(files),
            sha256,
            onnxPath: content.onnxPath,
            signature: toJson(content.signature),
            jobName: origin.jobName,
            trialName: origin.trialName,
            metrics: toJson(origin.metrics),
            parity: toJson(origin.parity),
            createdAt: clock().toISOString(),
          },
        );
        return toModel(rowOf(input.name, version));
      });
    },
    async get({ name, version }) {
      return toModel(rowOf(name, version));
    },
    async list({ includeArchived = false } = {}) {
      const rows = db.all<ModelRow>(
        `SELECT * FROM models WHERE ordinal IN
           (SELECT max(ordinal) FROM models WHERE is_archived = 0 OR :includeArchived GROUP BY name) ORDER BY name`,
        { includeArchived },
      );
      return rows.map(toModel);
    },
    async versions({ name }) {
      return versionRows(name).map(toModel);
    },
    async *download({ name, version, path }) {
      const { files, version: found } = toModel(rowOf(name, version));
      const file = files.find((each) => each.path === path);
      if (!file) {
        const paths = files.map((each) => each.path).join(', ');
        throw new MalachiteError('NotFound', `Model "${name}:${found}" has no file "${path}". Files: ${paths}.`);
      }
      yield* blobs.get(file.sha256);
    },
    async archive({ name, version }) {
      if (version === undefined) versionRows(name);
      else rowOf(name, version);
      db.run('UPDATE models SET is_archived = 1 WHERE name = ? AND coalesce(?, version) = version', [name, version]);
    },
    filesOf: ({ name, version }) => toModel(rowOf(name, version)).files,
    servedFile({ name, version }) {
      const row = rowOf(name, version);
      return toModel(row).files.find((file) => file.path === row.onnx_path) ?? null;
    },
  };
}

function toModel(row: ModelRow): Model {
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
