/**
 * MLflow's model registry over the models port: a version is a version of the workspace, and can be deployed; the words
 * that only MLflow has (descriptions, tags, aliases, stages) are kept beside it.
 */
import { MalachiteError, type Model, type Workspace } from '@malachite/core';
import { missing } from '../missing.ts';
import { inNamedFolder } from '../storage/named-folder.ts';
import { placeInUri } from './artifact-root.ts';
import type { Artifacts } from './artifacts.ts';
import type { Database } from './database.ts';
import { invalid, notFound } from './errors.ts';
import { fromJson, type KeyValue, pairsOf, toJson } from './key-values.ts';
import { parseFilter, parseOrder } from './search/filter.ts';
import { offsetOf, pageOf, sizeOf } from './search/page.ts';
import { orderOf, type Target, whereOf } from './search/sql.ts';

type ModelRow = {
  readonly name: string;
  readonly description: string;
  readonly tags: string;
  readonly aliases: string;
  readonly created: number;
  readonly updated: number;
};
type VersionRow = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly source: string;
  readonly run_id: string | null;
  readonly model_id: string | null;
  readonly stage: string;
  readonly tags: string;
  readonly created: number;
  readonly updated: number;
};

export type SearchInput = {
  readonly filter?: string;
  readonly max_results?: number | string;
  readonly order_by?: string | readonly string[];
  readonly page_token?: string;
};

const stages = ['None', 'Staging', 'Production', 'Archived'];

const modelTarget: Target = {
  attributes: { name: 'name', creation_timestamp: 'created', timestamp: 'updated', last_updated_timestamp: 'updated' },
  keyed: {
    tags: { table: '(SELECT m.name AS owner, e.key, e.value FROM registered_models m, json_each(m.tags) e)', owner: 'owner' },
  },
  id: 'registered_models.name',
  last: 'name ASC',
};
const versionTarget: Target = {
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
};

export type Registry = ReturnType<typeof openRegistry>;

export function openRegistry(
  db: Database,
  { models, datastore }: Pick<Workspace, 'models' | 'datastore'>,
  artifacts: Artifacts,
  now: () => number,
) {
  const modelRow = (name: string): ModelRow => {
    const row = db.get<ModelRow>('SELECT * FROM registered_models WHERE name = ?', [name]);
    if (!row) throw notFound(`Registered Model with name=${name}`);
    return row;
  };
  const versionRow = (name: string, version: string): VersionRow => {
    const row = db.get<VersionRow>('SELECT * FROM model_versions WHERE name = ? AND version = ?', [name, version]);
    if (!row) throw notFound(`Model Version (name=${name}, version=${version})`);
    return row;
  };
  const insertModel = (name: string, description = '', tags: readonly KeyValue[] = [], at = now()): void => {
    db.run('INSERT INTO registered_models VALUES (?, ?, ?, ?, ?, ?)', [name, description, toJson(tags), '{}', at, at]);
  };
  const insertVersion = (row: Omit<VersionRow, 'updated'>): void => {
    db.run('INSERT INTO model_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      ...[
        row.name,
        row.version,
        row.description,
        row.source,
        row.run_id,
        row.model_id,
        row.stage,
        row.tags,
        row.created,
        row.created,
      ],
    ]);
  };
  const touch = (name: string): void => void db.run('UPDATE registered_models SET updated = ? WHERE name = ?', [now(), name]);

  /** What was registered by others, through the command or Azure's clients, is registered here too; archived versions are deleted ones. */
  const refresh = async (): Promise<void> => {
    const there = await models.list({ includeArchived: true });
    for (const { name } of there) {
      const versions = await models.versions({ name });
      db.transaction(() => {
        if (versions.some(({ isArchived }) => !isArchived) && !db.get('SELECT 1 FROM registered_models WHERE name = ?', [name])) {
          insertModel(name, versions[0]?.description, [], Date.parse(versions.at(-1)?.createdAt ?? ''));
        }
        for (const model of versions) adopt(model);
      });
    }
  };
  const adopt = (model: Model): void => {
    const known = db.get('SELECT 1 FROM model_versions WHERE name = ? AND version = ?', [model.name, model.version]);
    if (model.isArchived) {
      if (known) db.run('DELETE FROM model_versions WHERE name = ? AND version = ?', [model.name, model.version]);
    } else if (!known) {
      insertVersion({
        name: model.name,
        version: model.version,
        description: model.description ?? '',
        source:
          model.trialName === null ? `models:/${model.name}/${model.version}` : `runs:/${model.trialName}/outputs/mlflow-model`,
        run_id: model.trialName,
        model_id: null,
        stage: 'None',
        tags: JSON.stringify(model.tags ?? {}),
        created: Date.parse(model.createdAt),
      });
    }
  };

  const showVersion = (row: VersionRow) => ({
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
    aliases: Object.entries(fromJson(modelRow(row.name).aliases))
      .filter(([, version]) => version === row.version)
      .map(([alias]) => alias),
  });
  const versionsOf = (name: string): VersionRow[] =>
    db.all<VersionRow>('SELECT * FROM model_versions WHERE name = ? ORDER BY CAST(version AS INTEGER) DESC', [name]);
  const latestOf = (name: string, wanted: readonly string[] = []): VersionRow[] => {
    const seen = new Set<string>();
    return versionsOf(name).filter(({ stage }) => {
      if (seen.has(stage) || (wanted.length > 0 && !wanted.some((each) => each.toLowerCase() === stage.toLowerCase())))
        return false;
      seen.add(stage);
      return true;
    });
  };
  const showModel = (row: ModelRow) => ({
    name: row.name,
    creation_timestamp: row.created,
    last_updated_timestamp: row.updated,
    description: row.description,
    latest_versions: latestOf(row.name).map(showVersion),
    tags: pairsOf(row.tags),
    aliases: Object.entries(fromJson(row.aliases)).map(([alias, version]) => ({ alias, version })),
  });
  const setModel = (name: string, column: 'description' | 'tags' | 'aliases', value: string) => {
    modelRow(name);
    db.run(`UPDATE registered_models SET ${column} = ?, updated = ? WHERE name = ?`, [value, now(), name]);
    return showModel(modelRow(name));
  };
  const setVersion = (name: string, version: string, column: 'description' | 'tags' | 'stage', value: string) => {
    versionRow(name, version);
    db.run(`UPDATE model_versions SET ${column} = ?, updated = ? WHERE name = ? AND version = ?`, [value, now(), name, version]);
    touch(name);
    return showVersion(versionRow(name, version));
  };
  const rows = <R>(table: string, target: Target, { filter, max_results, order_by, page_token }: SearchInput) => {
    const where = whereOf(target, parseFilter(filter));
    const orders = order_by === undefined ? [] : typeof order_by === 'string' ? [order_by] : order_by;
    const order = orderOf(target, orders.map(parseOrder));
    const size = sizeOf(max_results, 200_000, 100);
    const offset = offsetOf(page_token);
    const found = db.all<R>(`SELECT * FROM ${table} WHERE ${where.text} ORDER BY ${order.text} LIMIT ? OFFSET ?`, [
      ...where.values,
      ...order.values,
      size + 1,
      offset,
    ]);
    return pageOf(found, offset, size);
  };

  return {
    refresh,
    createModel(name: string | undefined, description?: string, tags?: readonly KeyValue[]) {
      if (!name) throw invalid('"name" of the registered model is missing.');
      if (db.get('SELECT 1 FROM registered_models WHERE name = ?', [name])) {
        throw new MalachiteError('Conflict', `Registered Model (name=${name}) already exists.`);
      }
      insertModel(name, description, tags);
      return showModel(modelRow(name));
    },
    getModel: (name: string) => showModel(modelRow(name)),
    describeModel: (name: string, description: string) => setModel(name, 'description', description),
    tagModel: (name: string, key: string, value: string) =>
      setModel(name, 'tags', JSON.stringify({ ...fromJson(modelRow(name).tags), [key]: value })),
    untagModel(name: string, key: string) {
      const { [key]: _, ...rest } = fromJson(modelRow(name).tags);
      return setModel(name, 'tags', JSON.stringify(rest));
    },
    setAlias(name: string, alias: string, version: string) {
      versionRow(name, version);
      return setModel(name, 'aliases', JSON.stringify({ ...fromJson(modelRow(name).aliases), [alias]: version }));
    },
    deleteAlias(name: string, alias: string) {
      const { [alias]: _, ...rest } = fromJson(modelRow(name).aliases);
      return setModel(name, 'aliases', JSON.stringify(rest));
    },
    byAlias(name: string, alias: string) {
      const version = fromJson(modelRow(name).aliases)[alias];
      if (version === undefined) throw notFound(`Registered model alias "${alias}"`);
      return showVersion(versionRow(name, version));
    },
    async deleteModel(name: string): Promise<void> {
      modelRow(name);
      if (versionsOf(name).length > 0) await models.archive({ name });
      db.transaction(() => {
        db.run('DELETE FROM model_versions WHERE name = ?', [name]);
        db.run('DELETE FROM registered_models WHERE name = ?', [name]);
      });
    },
    /** @param source `runs:/RUN/path`, an artifact address, or a logged model: what lies there becomes a version of the workspace. */
    async createVersion(input: {
      name?: string;
      source?: string;
      run_id?: string;
      model_id?: string;
      description?: string;
      tags?: readonly KeyValue[];
    }) {
      const { name, source } = input;
      if (!name || !source) throw invalid('"name" and "source" of the model version are needed.');
      modelRow(name);
      const place = sourcePlace(source, input.model_id);
      const below = place ? await artifacts.below(place.root, place.path) : [];
      if (below.length === 0) throw invalid(`Nothing lies at "${source}": log the model first.`);
      const kept = await Promise.all(
        below.map(async ({ path, content }) => ({ path, sha256: (await datastore.put(content())).sha256 })),
      );
      const files = inNamedFolder(place?.path ?? '', kept);
      const next = String(Math.max(0, ...(await allVersions(models, name)).map(Number).filter(Number.isInteger)) + 1);
      const type = kept.some(({ path }) => path === 'MLmodel') ? 'mlflow_model' : 'custom_model';
      const model = await models.create({ name, version: next, type, files, description: input.description });
      insertVersion({
        name,
        version: model.version,
        description: input.description ?? '',
        source,
        run_id: input.run_id ?? null,
        model_id: input.model_id ?? null,
        stage: 'None',
        tags: toJson(input.tags),
        created: now(),
      });
      touch(name);
      return showVersion(versionRow(name, model.version));
    },
    getVersion: (name: string, version: string) => showVersion(versionRow(name, version)),
    downloadUri: (name: string, version: string): string => versionRow(name, version).source,
    latest: (name: string, wanted?: readonly string[]) => {
      modelRow(name);
      return latestOf(name, wanted).map(showVersion);
    },
    describeVersion: (name: string, version: string, description: string) =>
      setVersion(name, version, 'description', description),
    tagVersion: (name: string, version: string, key: string, value: string) =>
      setVersion(name, version, 'tags', JSON.stringify({ ...fromJson(versionRow(name, version).tags), [key]: value })),
    untagVersion(name: string, version: string, key: string) {
      const { [key]: _, ...rest } = fromJson(versionRow(name, version).tags);
      return setVersion(name, version, 'tags', JSON.stringify(rest));
    },
    transition(name: string, version: string, stage: string, archiveOthers: boolean) {
      const found = stages.find((each) => each.toLowerCase() === stage?.toLowerCase());
      if (!found) throw invalid(`"stage" is "${stage}"; it can be ${stages.join(', ')}.`);
      if (archiveOthers) {
        db.run("UPDATE model_versions SET stage = 'Archived' WHERE name = ? AND stage = ? AND version <> ?", [
          name,
          found,
          version,
        ]);
      }
      return setVersion(name, version, 'stage', found);
    },
    async deleteVersion(name: string, version: string): Promise<void> {
      versionRow(name, version);
      await models.archive({ name, version });
      db.run('DELETE FROM model_versions WHERE name = ? AND version = ?', [name, version]);
      const kept = Object.entries(fromJson(modelRow(name).aliases)).filter(([, each]) => each !== version);
      setModel(name, 'aliases', JSON.stringify(Object.fromEntries(kept)));
    },
    searchModels(search: SearchInput) {
      const { page, next } = rows<ModelRow>('registered_models', modelTarget, search);
      return { page: page.map(showModel), next };
    },
    searchVersions(search: SearchInput) {
      const { page, next } = rows<VersionRow>('model_versions', versionTarget, search);
      return { page: page.map(showVersion), next };
    },
    /** The model of the workspace that a version is: its files are the version's artifacts. */
    filesOf: async (name: string, version: string) => (await models.get({ name, version })).files,
  };
}

async function allVersions(models: Workspace['models'], name: string): Promise<string[]> {
  const versions = await models.versions({ name }).catch(missing);
  return (versions ?? []).map(({ version }) => version);
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
