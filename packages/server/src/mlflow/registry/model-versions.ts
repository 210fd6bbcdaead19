/** Versions of registered models: versions of the workspace, which can be deployed, with stages, tags and where they come from. */
import type { Workspace } from '@malachite/core';
import { missing } from '../../missing.ts';
import { inNamedFolder } from '../../storage/named-folder.ts';
import { placeInUri } from '../artifact-root.ts';
import type { Artifacts } from '../artifacts.ts';
import type { Database } from '../database.ts';
import { invalid } from '../errors.ts';
import { fromJson, type KeyValue, toJson } from '../key-values.ts';
import { type OrderedSearch, ordersOf, type Searched, search } from '../search/search.ts';
import type { RegistryRows, VersionRow } from './rows.ts';
import type { Shown } from './shown.ts';

const stages = ['None', 'Staging', 'Production', 'Archived'];

const searched: Searched = {
  table: 'model_versions',
  target: {
    attributes: {
      name: 'name',
      version: 'CAST(version AS INTEGER)',
      version_number: 'CAST(version AS INTEGER)',
      run_id: 'run_id',
      source_path: 'source',
      creation_timestamp: 'created',
      last_updated_timestamp: 'updated',
    },
    keyed: {
      tags: {
        table: '(SELECT m.name || char(10) || m.version AS owner, e.key, e.value FROM model_versions m, json_each(m.tags) e)',
        owner: 'owner',
      },
    },
    id: 'model_versions.name || char(10) || model_versions.version',
    last: 'updated DESC, name ASC, CAST(version AS INTEGER) DESC',
  },
  most: 200_000,
  usual: 100,
};

export type NewVersion = {
  readonly name?: string;
  /** `runs:/RUN/path`, an artifact address, or a logged model: what lies there becomes a version of the workspace. */
  readonly source?: string;
  readonly run_id?: string;
  readonly model_id?: string;
  readonly description?: string;
  readonly tags?: readonly KeyValue[];
};

type Ports = Pick<Workspace, 'models' | 'datastore'>;

export function modelVersions(
  db: Database,
  rows: RegistryRows,
  shown: Shown,
  { models, datastore }: Ports,
  artifacts: Artifacts,
  now: () => number,
) {
  const change = (name: string, version: string, edit: (tags: Record<string, string>) => object) =>
    shown.version(rows.setVersion(name, version, 'tags', JSON.stringify(edit(fromJson(rows.version(name, version).tags)))));
  /** What lies below a source, in the workspace's datastore. */
  const contentAt = async (source: string, modelId: string | undefined) => {
    const place = sourcePlace(source, modelId);
    const below = place ? await artifacts.below(place.root, place.path) : [];
    if (below.length === 0) throw invalid(`Nothing lies at "${source}": log the model first.`);
    const kept = below.map(async ({ path, content }) => ({ path, sha256: (await datastore.put(content())).sha256 }));
    const type = below.some(({ path }) => path === 'MLmodel') ? 'mlflow_model' : 'custom_model';
    return { files: inNamedFolder(place?.path ?? '', await Promise.all(kept)), type } as const;
  };
  return {
    async create({ name, source, run_id, model_id, description, tags }: NewVersion) {
      if (!name || !source) throw invalid('"name" and "source" of the model version are needed.');
      rows.model(name);
      const { files, type } = await contentAt(source, model_id);
      const { version } = await models.create({ name, version: await nextVersion(models, name), type, files, description });
      rows.addVersion({
        name,
        version,
        description: description ?? '',
        source,
        run_id: run_id ?? null,
        model_id: model_id ?? null,
        stage: 'None',
        tags: toJson(tags),
        created: now(),
      });
      rows.touch(name);
      return shown.version(rows.version(name, version));
    },
    get: (name: string, version: string) => shown.version(rows.version(name, version)),
    search(input: OrderedSearch) {
      const { page, next } = search<VersionRow>(db, searched, { ...input, orders: ordersOf(input.order_by) });
      return { page: page.map(shown.version), next };
    },
    describe: (name: string, version: string, description: string) =>
      shown.version(rows.setVersion(name, version, 'description', description)),
    tag: (name: string, version: string, key: string, value: string) =>
      change(name, version, (tags) => ({ ...tags, [key]: value })),
    untag: (name: string, version: string, key: string) => change(name, version, ({ [key]: _, ...rest }) => rest),
    transition(name: string, version: string, stage: string, archiveOthers: boolean) {
      const found = stages.find((each) => each.toLowerCase() === stage.toLowerCase());
      if (!found) throw invalid(`"stage" is "${stage}"; it can be ${stages.join(', ')}.`);
      if (archiveOthers) rows.archiveOthers(name, version, found);
      return shown.version(rows.setVersion(name, version, 'stage', found));
    },
    downloadUri: (name: string, version: string): string => rows.version(name, version).source,
    async delete(name: string, version: string): Promise<void> {
      rows.version(name, version);
      await models.archive({ name, version });
      rows.deleteVersion(name, version);
      const kept = Object.entries(fromJson(rows.model(name).aliases)).filter(([, each]) => each !== version);
      rows.setModel(name, 'aliases', JSON.stringify(Object.fromEntries(kept)));
    },
  };
}

/** One more than the highest version, of the archived ones too. */
async function nextVersion(models: Workspace['models'], name: string): Promise<string> {
  const versions = (await models.versions({ name }).catch(missing)) ?? [];
  const numbers = versions.map(({ version }) => Number(version)).filter(Number.isInteger);
  return String(Math.max(0, ...numbers) + 1);
}

/** Where the artifacts of a source lie: below a run or a logged model. */
function sourcePlace(source: string, modelId: string | undefined): { root: string; path: string } | undefined {
  const [, run, path = ''] = /^runs:\/([^/]+)\/?(.*)$/.exec(source) ?? [];
  if (run) return { root: run, path };
  const [, model] = /^models:\/(m-[0-9a-f]+)\/?$/.exec(source) ?? [];
  if (model) return { root: model, path: '' };
  if (modelId) return { root: modelId, path: '' };
  return placeInUri(source);
}
