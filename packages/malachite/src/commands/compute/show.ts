import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { computeColumns } from './columns.ts';

export const computeShow: Command = {
  name: 'show',
  describe: 'Show a compute cluster.',
  options: [nameFlag],
  example: 'malachite compute show -n cpu',
  columns: computeColumns,
  async run({ flags, workspace }) {
    return (await workspace()).compute.get({ name: flags.required('name') });
  },
};
