import type { Command } from '../../cli/command.ts';
import { pipelineColumns } from './columns.ts';

export const pipelineList: Command = {
  name: 'list',
  describe: 'List the published pipelines.',
  options: [],
  example: 'malachite pipeline list',
  columns: pipelineColumns,
  async run(context) {
    return (await context.workspace()).pipelines.list();
  },
};
