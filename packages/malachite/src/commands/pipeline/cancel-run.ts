import type { Command } from '../../cli/command.ts';
import { runColumns } from './columns.ts';
import { runIdFlag } from './flags.ts';

export const pipelineCancelRun: Command = {
  name: 'cancel-run',
  describe: 'Ask a run to stop.',
  options: [runIdFlag],
  example: 'malachite pipeline cancel-run --run-id ID',
  columns: runColumns,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.cancelRun({ id: flags.required('run-id') });
  },
};
