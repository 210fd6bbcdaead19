/** Registered models: files of ours, or an output of a job, named by an ARM model version. */
import type { ModelVersion } from '@azure/arm-machinelearning';
import { MalachiteError, type Model, type ModelCreate, type Models, parseJobOutput } from '@malachite/core';
import { archiveOf } from './archive.ts';
import type { Connection } from './connection.ts';
import { type Content, putContent, readContent, readManifest, writeManifest } from './content.ts';
import { readBlob } from './datastore.ts';
import { asked } from './errors.ts';
import { createdAtOf, fieldsOf, ownProperties, ownProperty } from './forms.ts';
import { type ModelFacts, modelFacts } from './model-facts.ts';
import { trialModelFolder } from './run-paths.ts';
import type { Runs } from './runs.ts';
import { sha256Of } from './sha256.ts';
import type { Storage } from './storage.ts';
import { isOfTrial } from './trials.ts';
import { nextVersion, versionsOf } from './versions.ts';

/** Where a model comes from, and what is written on it of that. */
type Source = { readonly modelUri: string; readonly properties: Readonly<Record<string, string>>; readonly type: Model['type'] };

export function azureModels(connection: Connection, storage: Storage, runs: Runs): Models {
  const { client, resourceGroup: group, workspaceName: workspace } = connection;
  const versions = versionsOf<ModelVersion>({
    noun: 'model',
    containers: (listViewType) => client.modelContainers.list(group, workspace, { listViewType }),
    versions: (name) => client.modelVersions.list(group, workspace, name, { listViewType: 'All' }),
    version: (name, version) => client.modelVersions.get(group, workspace, name, version),
  });
  const contentOf = async ({ properties }: ModelVersion): Promise<Content | undefined> => {
    const place = storage.placeOf(properties.modelUri ?? '');
    return place && readManifest(storage, place.path);
  };
  const facts = modelFacts(storage, runs);
  const show = async (name: string, version: ModelVersion): Promise<Model> => {
    const content = await contentOf(version);
    return toCore(name, version, content, await facts.of(version, content));
  };
  const put = (name: string, version: string, properties: ModelVersion['properties']) =>
    client.modelVersions.createOrUpdate(group, workspace, name, version, { properties });
  return {
    async create(input) {
      const { modelUri, properties, type } = input.files ? await ofFiles(storage, input.files) : await ofOutput(runs, input.path);
      const known = await versions.known(input.name);
      const same = (each: ModelVersion) => ownProperty(each.properties.properties, 'source') === modelUri;
      const taken = known.find(({ name }) => name === input.version);
      if (taken && !same(taken)) {
        throw new MalachiteError('Conflict', `Model "${input.name}:${input.version}" exists and is another one.`);
      }
      const existing = taken ?? (input.version === undefined ? known.find(same) : undefined);
      if (existing && existing.properties.isArchived !== true) return show(input.name, existing);
      const version = existing?.name ?? input.version ?? nextVersion(known);
      const written = {
        modelType: input.type ?? type,
        modelUri,
        isArchived: false,
        properties: { ...input.properties, ...ownProperties({ ...properties, source: modelUri }) },
        ...(input.description !== undefined && { description: input.description }),
        ...(input.tags && { tags: input.tags }),
      };
      const created = await asked(`Registering model "${input.name}:${version}"`, () => put(input.name, version, written));
      await describe(storage, created);
      return show(input.name, created);
    },
    get: async ({ name, version }) => show(name, await versions.find(name, version)),
    async list({ includeArchived = false }) {
      return Promise.all((await versions.latest(includeArchived)).map(({ name, version }) => show(name, version)));
    },
    versions: async ({ name }) => Promise.all((await versions.all(name)).map((version) => show(name, version))),
    async *download({ name, version, path }) {
      const { properties } = await versions.find(name, version);
      const place = storage.placeOf(properties.modelUri ?? '');
      if (!place || path.split('/').includes('..'))
        throw new MalachiteError('NotFound', `Model "${name}" has no file "${path}".`);
      const isItself = place.path.endsWith(`/${path}`);
      const container = await storage.container(place.datastore);
      yield* readBlob(container, isItself ? place.path : `${place.path}/${path}`, `Model "${name}" has no file "${path}"`);
    },
    ...archiveOf({
      noun: 'model',
      versions,
      put,
      putContainer: (name, _, isArchived) =>
        client.modelContainers.createOrUpdate(group, workspace, name, { properties: { isArchived } }),
    }),
  };
}

async function ofFiles(storage: Storage, given: NonNullable<ModelCreate['files']>): Promise<Source> {
  const { files, path } = await putContent(storage, 'models', given);
  const isFolder = files.length > 1;
  return {
    modelUri: storage.uriOf(isFolder ? path : `${path}/${files[0]?.path}`),
    properties: {},
    type: files.some((file) => file.path === 'MLmodel') ? 'mlflow_model' : 'custom_model',
  };
}

/** @throws MalachiteError `InvalidInput` for another kind of path, `NotFound` for a run that is not there. */
async function ofOutput(runs: Runs, path: string | undefined): Promise<Source> {
  const parsed = parseJobOutput(path ?? '');
  if (!parsed) {
    throw new MalachiteError(
      'InvalidInput',
      `"${path ?? ''}" is not an output of a job. Write azureml://jobs/NAME/outputs/best_model, or give files.`,
    );
  }
  const { job, output } = parsed;
  const isBest = output === 'best_model';
  const run = await runs.get(job);
  const ofTrial = isOfTrial(run);
  const best = runs.bestTrial(run);
  if (isBest && !best) throw new MalachiteError('NotFound', `Job "${job}" has no best model${run.endTimeUtc ? '' : ' yet'}.`);
  const jobName = (ofTrial && run.parentRunId) || run.runId;
  const trial = isBest ? best : ofTrial ? run.runId : undefined;
  const metrics = trial && (await runs.metrics(trial));
  const inside = output.startsWith('outputs/') ? output : `outputs/${output}`;
  return {
    // The service makes no folder of the best model: it lies with the trial that it is of.
    modelUri: `azureml://jobs/${isBest ? trial : job}/outputs/artifacts/paths/${isBest ? trialModelFolder : inside}`,
    properties: { jobName, ...(trial && { trialName: trial }), ...(metrics && { metrics: JSON.stringify(metrics) }) },
    type: isBest || output.endsWith('mlflow-model') ? 'mlflow_model' : 'custom_model',
  };
}

/** An output's files are read once, when it becomes a model, to say which bytes they are. */
async function describe(storage: Storage, { properties }: ModelVersion): Promise<void> {
  const place = storage.placeOf(properties.modelUri ?? '');
  if (!place || (await readManifest(storage, place.path))) return;
  await writeManifest(storage, place.path, await readContent(storage, place.path, place.datastore));
}

function toCore(name: string, resource: ModelVersion, content: Content | undefined, facts: ModelFacts): Model {
  const { modelType, modelUri, jobName: _, isArchived, ...rest } = resource.properties;
  return {
    name,
    version: resource.name ?? '',
    type: /mlflow/i.test(modelType ?? '') ? 'mlflow_model' : 'custom_model',
    ...fieldsOf(rest),
    files: [...(content?.files ?? [])],
    sha256: content?.sha256 ?? sha256Of(`${resource.id} ${modelUri}`),
    ...facts,
    parity: null,
    isArchived: isArchived === true,
    createdAt: createdAtOf(resource.systemData),
  };
}
