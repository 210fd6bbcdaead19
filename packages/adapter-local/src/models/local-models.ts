/** The models port: versions recorded in the database, their files in the blob store. */
import { type AssetFile, MalachiteError, type ModelCreate, type Models, type VersionInput } from '@malachite/core';
import type { JobRecords } from '../jobs/job-records.ts';
import { contentSha256, mustBeNamed, storedFiles } from '../store/assets.ts';
import type { Context } from '../store/context.ts';
import { toJson } from '../store/json.ts';
import { jobOutput } from './job-output.ts';
import { readModelFiles } from './model-files.ts';
import { type ModelRow, modelRows, toModel } from './model-records.ts';

export type LocalModels = Models & {
  /** The ONNX file that a version (without one, the latest) serves; null when it has none. */
  servedFile(input: VersionInput): AssetFile | null;
  /** All files of a version. */
  filesOf(input: VersionInput): AssetFile[];
};

export function localModels({ db, blobs, clock }: Context, records: JobRecords): LocalModels {
  const rows = modelRows(db);
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
        const known = rows.holding({ name: input.name, version: input.version, type: content.type, sha256 });
        if (known) return toModel(known);
        const row: ModelRow = {
          name: input.name,
          version: input.version ?? rows.next(input.name),
          type: content.type,
          description: input.description ?? null,
          tags: toJson(input.tags),
          properties: toJson(input.properties),
          files: JSON.stringify(files),
          sha256,
          onnx_path: content.onnxPath,
          signature: toJson(content.signature),
          job_name: origin.jobName,
          trial_name: origin.trialName,
          metrics: toJson(origin.metrics),
          parity: toJson(origin.parity),
          is_archived: 0,
          created_at: clock().toISOString(),
        };
        rows.insert(row);
        return toModel(row);
      });
    },
    async get(input) {
      return toModel(rows.find(input));
    },
    async list({ includeArchived = false } = {}) {
      return rows.latest(includeArchived).map(toModel);
    },
    async versions({ name }) {
      return rows.versions(name).map(toModel);
    },
    async *download({ name, version, path }) {
      const { files, version: found } = toModel(rows.find({ name, version }));
      const file = files.find((each) => each.path === path);
      if (!file) {
        const paths = files.map((each) => each.path).join(', ');
        throw new MalachiteError('NotFound', `Model "${name}:${found}" has no file "${path}". Files: ${paths}.`);
      }
      yield* blobs.get(file.sha256);
    },
    async archive(input) {
      rows.setArchived(input, true);
    },
    async restore(input) {
      rows.setArchived(input, false);
    },
    filesOf: (input) => toModel(rows.find(input)).files,
    servedFile(input) {
      const row = rows.find(input);
      return toModel(row).files.find((file) => file.path === row.onnx_path) ?? null;
    },
  };
}
