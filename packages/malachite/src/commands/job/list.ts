import { jobStatuses } from '@malachite/core';
import type { Command } from '../../cli/command.ts';
import { limited, maxResultsFlag } from '../../cli/flags.ts';
import { listJobs } from '../../jobs/pipeline-job.ts';
import { jobColumns } from './columns.ts';

export const jobList: Command = {
  name: 'list',
  describe: 'List the jobs, AutoML and pipeline runs, newest first.',
  options: [
    { flags: '-e, --experiment-name <name>', describe: 'Only those of an experiment.' },
    { flags: '--status <status>', describe: `Only those in a state: ${jobStatuses.join(', ')}.` },
    maxResultsFlag,
  ],
  example: 'malachite job list --status Running',
  columns: jobColumns,
  async run({ flags, workspace }) {
    const jobs = await listJobs(await workspace(), {
      experimentName: flags.text('experiment-name'),
      status: flags.word('status', jobStatuses),
    });
    return limited(flags, jobs);
  },
};
