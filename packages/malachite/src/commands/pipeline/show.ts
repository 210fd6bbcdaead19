import type { Command } from '../../cli/command.ts';
import { pipelineColumns } from './columns.ts';
import { pipelineIdFlag } from './flags.ts';

export const pipelineShow: Command = {
  name: 'show',
  describe: 'Show a published pipeline.',
  options: [pipelineIdFlag],
  example: 'malachite pipeline show -n bank-train',
  columns: pipelineColumns,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.get({ id: flags.required('name') });
  },
};
