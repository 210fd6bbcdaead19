import type { Command } from '../../cli/command.ts';
import { pipelineColumns } from './columns.ts';
import { pipelineIdFlag } from './flags.ts';

export const pipelineDisable: Command = {
  name: 'disable',
  describe: 'Take a published pipeline out of service; its runs stay.',
  options: [pipelineIdFlag],
  example: 'malachite pipeline disable -n bank-train',
  columns: pipelineColumns,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.disable({ id: flags.required('name') });
  },
};
