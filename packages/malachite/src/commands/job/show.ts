import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { findJob } from '../../jobs/pipeline-job.ts';
import { jobColumns } from './columns.ts';

export const jobShow: Command = {
  name: 'show',
  describe: 'Show a job, or a pipeline run by its id.',
  options: [nameFlag],
  example: 'malachite job show -n NAME',
  columns: jobColumns,
  async run({ flags, workspace }) {
    return findJob(await workspace(), flags.required('name'));
  },
};
