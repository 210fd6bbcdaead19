/** `job create -f automl.yml` with `type: automl`. */
import type { AutoMLJob } from '@malachite/core';
import { automlNotHonoured, readAutoMLSettings } from './automl-settings.ts';
import type { YamlDocument } from './document.ts';

export function readAutoMLJob({ root, folder }: YamlDocument): AutoMLJob {
  root.has('type');
  const job: AutoMLJob = {
    type: 'automl',
    name: root.text('name'),
    displayName: root.text('display_name'),
    experimentName: root.text('experiment_name'),
    description: root.text('description'),
    tags: root.tags('tags'),
    properties: root.tags('properties'),
    compute: root.text('compute'),
    ...readAutoMLSettings(root, folder),
  };
  root.end(automlNotHonoured);
  return job;
}
