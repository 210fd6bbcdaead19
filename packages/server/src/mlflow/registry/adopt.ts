/** Models that were registered elsewhere, through the command or Azure's clients, are registered here too; archived versions are deleted ones. */
import type { Model, Models } from '@malachite/core';
import type { Database } from '../database.ts';
import type { RegistryRows } from './rows.ts';

export async function adoptModels(models: Models, db: Database, rows: RegistryRows): Promise<void> {
  for (const { name } of await models.list({ includeArchived: true })) {
    const versions = await models.versions({ name });
    db.transaction(() => {
      if (versions.some(({ isArchived }) => !isArchived) && !rows.hasModel(name)) {
        const [newest, oldest] = [versions[0], versions.at(-1)];
        rows.addModel({ name, description: newest?.description }, Date.parse(oldest?.createdAt ?? ''));
      }
      for (const model of versions) adoptVersion(model, rows);
    });
  }
}

function adoptVersion({ name, version, isArchived, trialName, ...model }: Model, rows: RegistryRows): void {
  const isKnown = rows.hasVersion(name, version);
  if (isArchived && isKnown) rows.deleteVersion(name, version);
  if (isArchived || isKnown) return;
  rows.addVersion({
    name,
    version,
    description: model.description ?? '',
    source: trialName === null ? `models:/${name}/${version}` : `runs:/${trialName}/outputs/mlflow-model`,
    run_id: trialName,
    model_id: null,
    stage: 'None',
    tags: JSON.stringify(model.tags ?? {}),
    created: Date.parse(model.createdAt),
  });
}
