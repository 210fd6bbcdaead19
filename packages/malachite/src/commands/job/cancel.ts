import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { jobColumns } from './columns.ts';

export const jobCancel: Command = {
  name: 'cancel',
  describe: 'Ask a job to stop; finished trials are kept.',
  options: [nameFlag],
  example: 'malachite job cancel -n NAME',
  columns: jobColumns,
  async run({ flags, workspace }) {
    return (await workspace()).training.cancel({ name: flags.required('name') });
  },
};
