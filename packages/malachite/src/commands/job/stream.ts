import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { followJob } from '../../console/follow-job.ts';
import { jobColumns } from './columns.ts';

export const jobStream: Command = {
  name: 'stream',
  describe: 'Follow a job until it ends; what happened before is told first.',
  options: [nameFlag],
  example: 'malachite job stream -n NAME',
  columns: jobColumns,
  async run(context) {
    const { training } = await context.workspace();
    return followJob(context, training, context.flags.required('name'));
  },
};
