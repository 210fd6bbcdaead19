import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { jobColumns } from './columns.ts';

export const jobShow: Command = {
  name: 'show',
  describe: 'Show a job.',
  options: [nameFlag],
  example: 'malachite job show -n NAME',
  columns: jobColumns,
  async run({ flags, workspace }) {
    return (await workspace()).training.get({ name: flags.required('name') });
  },
};
