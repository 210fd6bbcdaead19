/** What a table of compute clusters shows. */
export const computeColumns = [
  'name',
  'type',
  'size',
  'min_instances',
  'max_instances',
  'running_node_count',
  'idle_node_count',
  'provisioning_state',
];
