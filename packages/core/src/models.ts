/** Registered models: immutable versions of files, with the signature they answer to. */
import { type Static, Type } from 'typebox';
import { Metrics, Parity } from './automl.ts';
import {
  AssetFile,
  Fields,
  type ListInput,
  Name,
  type NameInput,
  Nullable,
  OneOf,
  Sha256,
  Strict,
  Time,
  Version,
  type VersionInput,
} from './schema.ts';

export const modelTypes = ['custom_model', 'mlflow_model'] as const;

export const SignatureColumn = Type.Object({
  name: Type.String({ description: 'The column as the data calls it.' }),
  type: OneOf(['string', 'integer', 'number', 'boolean']),
  categories: Type.Optional(Type.Array(Type.String(), { description: 'Values seen in training, where they are few.' })),
});

export const ModelSignature = Type.Object({
  task: OneOf(['classification', 'regression', 'unknown']),
  inputs: Type.Array(SignatureColumn),
  outputs: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
  classes: Type.Optional(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
});
export type ModelSignature = Static<typeof ModelSignature>;

export const ModelCreate = Strict({
  name: Name,
  version: Type.Optional(Version),
  type: Type.Optional(OneOf(modelTypes)),
  ...Fields,
  /** Either files already in the datastore … */
  files: Type.Optional(Type.Array(AssetFile, { minItems: 1 })),
  /** … or an output of a job: `azureml://jobs/NAME/outputs/best_model`, or of one trial. */
  path: Type.Optional(Type.String({ minLength: 1 })),
});
export type ModelCreate = Static<typeof ModelCreate>;

export const Model = Type.Object({
  name: Name,
  version: Version,
  type: OneOf(modelTypes),
  ...Fields,
  files: Type.Array(AssetFile),
  sha256: Sha256,
  /** Null for files that are no ONNX model. */
  signature: Nullable(ModelSignature),
  /** The trial it came from, its metrics and its proof of equality; null for an uploaded model. */
  jobName: Nullable(Type.String()),
  trialName: Nullable(Type.String()),
  metrics: Nullable(Metrics),
  parity: Nullable(Parity),
  isArchived: Type.Boolean(),
  createdAt: Time,
});
export type Model = Static<typeof Model>;

export const ModelFileInput = Strict({
  name: Name,
  version: Type.Optional(Version),
  path: Type.String({ minLength: 1, maxLength: 1024 }),
});
export type ModelFileInput = Static<typeof ModelFileInput>;

export interface Models {
  /**
   * Registers a model. A `.onnx` file is read and its signature kept; one that is not ONNX is refused as `InvalidInput`.
   *
   *     await workspace.models.create({ name: 'bank', path: `azureml://jobs/${job.name}/outputs/best_model` });
   */
  create(input: ModelCreate): Promise<Model>;
  /** A version, or the latest. */
  get(input: VersionInput): Promise<Model>;
  /** The latest version of every model. */
  list(input: ListInput): Promise<Model[]>;
  /** All versions of one model, newest first. */
  versions(input: NameInput): Promise<Model[]>;
  /** The bytes of one file of a model. */
  download(input: ModelFileInput): AsyncIterable<Uint8Array>;
  /** Hides a version (without `version`, all of them) from lists; deployments that name it still work. */
  archive(input: VersionInput): Promise<void>;
  /** Brings a version (without `version`, all of them) back from the archive: lists show it again. */
  restore(input: VersionInput): Promise<void>;
}
