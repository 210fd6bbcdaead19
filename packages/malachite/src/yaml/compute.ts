/** `compute create -f compute.yml`: a compute cluster. */
import type { ComputeCreate } from '@malachite/core';
import { MalachiteError } from '@malachite/core';
import type { YamlDocument } from './document.ts';

export function readCompute({ root }: YamlDocument): ComputeCreate {
  const type = root.requiredText('type').toLowerCase();
  if (type !== 'amlcompute') {
    throw new MalachiteError('NotSupported', `Compute of type "${type}" is not there yet; Malachite has amlcompute.`);
  }
  const compute: ComputeCreate = {
    name: root.requiredText('name'),
    type,
    size: root.text('size'),
    tier: root.word('tier', ['dedicated', 'low_priority']),
    minInstances: root.integer('min_instances'),
    maxInstances: root.integer('max_instances'),
    idleTimeBeforeScaleDown: root.integer('idle_time_before_scale_down'),
    description: root.text('description'),
    tags: root.tags('tags'),
  };
  root.end([
    'location',
    'resource_id',
    'ssh_public_access_enabled',
    'ssh_settings',
    'network_settings',
    'identity',
    'enable_node_public_ip',
  ]);
  return compute;
}
