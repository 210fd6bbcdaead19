/** `model create -f model.yml`: a model from a local file or folder, or from the output of a job. */
import type { ModelCreate } from '@malachite/core';
import { MalachiteError, modelTypes } from '@malachite/core';
import type { YamlDocument } from './document.ts';
import { referenceOrLocal } from './references.ts';

/** A model; its `path` is an absolute local path or a job's output. */
export type ModelAsset = Omit<ModelCreate, 'files' | 'path'> & { readonly path: string };

/** `anonymousName`: what a model written inside a deployment is called when it has no name. */
export function readModel({ root, folder }: YamlDocument, anonymousName?: string): ModelAsset {
  const type = root.word('type', [...modelTypes, 'triton_model']);
  if (type === 'triton_model') {
    throw new MalachiteError(
      'NotSupported',
      'Models of type triton_model are not there yet; Malachite has custom_model and mlflow_model.',
    );
  }
  const model: ModelAsset = {
    name: root.text('name') ?? anonymousName ?? root.requiredText('name'),
    version: root.version('version'),
    type: type ?? 'custom_model',
    path: referenceOrLocal(root.requiredText('path'), folder),
    description: root.text('description'),
    tags: root.tags('tags'),
    properties: root.tags('properties'),
  };
  root.end([
    'stage',
    'utc_time_created',
    'flavors',
    'job_name',
    'datastore',
    'intellectual_property',
    'system_metadata',
    'default_deployment_template',
    'allowed_deployment_templates',
  ]);
  return model;
}
