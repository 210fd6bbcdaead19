/** Registered models: a name with a description, tags and aliases over its versions. */
import { MalachiteError, type Models } from '@malachite/core';
import type { Database } from '../database.ts';
import { invalid, notFound } from '../errors.ts';
import { fromJson } from '../key-values.ts';
import { type OrderedSearch, ordersOf, type Searched, search } from '../search/search.ts';
import type { ModelRow, NewModel, RegistryRows } from './rows.ts';
import type { Shown } from './shown.ts';

const searched: Searched = {
  table: 'registered_models',
  target: {
    attributes: { name: 'name', creation_timestamp: 'created', timestamp: 'updated', last_updated_timestamp: 'updated' },
    keyed: {
      tags: { table: '(SELECT m.name AS owner, e.key, e.value FROM registered_models m, json_each(m.tags) e)', owner: 'owner' },
    },
    id: 'registered_models.name',
    last: 'name ASC',
  },
  most: 200_000,
  usual: 100,
};

export function registeredModels(db: Database, rows: RegistryRows, shown: Shown, models: Models) {
  const change = (name: string, column: 'tags' | 'aliases', edit: (values: Record<string, string>) => object) =>
    shown.model(rows.setModel(name, column, JSON.stringify(edit(fromJson(rows.model(name)[column])))));
  return {
    create({ name, ...words }: Partial<NewModel>) {
      if (!name) throw invalid('"name" of the registered model is missing.');
      if (rows.hasModel(name)) throw new MalachiteError('Conflict', `Registered Model (name=${name}) already exists.`);
      rows.addModel({ name, ...words });
      return shown.model(rows.model(name));
    },
    get: (name: string) => shown.model(rows.model(name)),
    search(input: OrderedSearch) {
      const { page, next } = search<ModelRow>(db, searched, { ...input, orders: ordersOf(input.order_by) });
      return { page: page.map(shown.model), next };
    },
    describe: (name: string, description: string) => shown.model(rows.setModel(name, 'description', description)),
    tag: (name: string, key: string, value: string) => change(name, 'tags', (tags) => ({ ...tags, [key]: value })),
    untag: (name: string, key: string) => change(name, 'tags', ({ [key]: _, ...rest }) => rest),
    setAlias(name: string, alias: string, version: string) {
      rows.version(name, version);
      return change(name, 'aliases', (aliases) => ({ ...aliases, [alias]: version }));
    },
    deleteAlias: (name: string, alias: string) => change(name, 'aliases', ({ [alias]: _, ...rest }) => rest),
    byAlias(name: string, alias: string) {
      const version = fromJson(rows.model(name).aliases)[alias];
      if (version === undefined) throw notFound(`Registered model alias "${alias}"`);
      return shown.version(rows.version(name, version));
    },
    /** The newest version in each stage, or in each of those named. */
    latest(name: string, stages?: readonly string[]) {
      rows.model(name);
      return shown.latest(name, stages);
    },
    async delete(name: string): Promise<void> {
      rows.model(name);
      if (rows.versions(name).length > 0) await models.archive({ name });
      rows.deleteModel(name);
    },
  };
}
