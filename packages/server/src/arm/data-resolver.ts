/** Data that a job names, as a dataset version of the workspace. */
import { createHash } from 'node:crypto';
import { parseAssetReference } from '@malachite/core';
import { filesAt } from '../storage/sources.ts';
import type { DataResolver } from './automl/job-of-arm.ts';
import type { Facade } from './facade.ts';
import { mustBeOfWorkspace, withoutPrefix } from './paths.ts';

/** A data asset is named; what was uploaded for this job only becomes one that lists do not show. */
export function dataResolver(facade: Facade): DataResolver {
  return async (given, type) => {
    const uri = withoutPrefix(given);
    mustBeOfWorkspace(uri);
    if (/\/data\/[^/]+\/(?:versions|labels)\/|^azureml:[^/]/i.test(uri)) {
      const { name, version } = parseAssetReference(uri);
      const dataset = await facade.workspace.datasets.get({ name, version });
      return `azureml:${dataset.name}:${dataset.version}`;
    }
    const name = `input-${createHash('sha256').update(uri).digest('hex').slice(0, 20)}`;
    const dataset = await facade.workspace.datasets.create({
      name,
      type: type?.toLowerCase().replace('_', '') === 'urifile' ? 'uri_file' : undefined,
      files: await filesAt(facade, uri),
      properties: { dataUri: uri },
    });
    await facade.workspace.datasets.archive({ name, version: dataset.version });
    return `azureml:${name}:${dataset.version}`;
  };
}
