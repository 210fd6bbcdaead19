import type { Command } from '../../cli/command.ts';
import { deleteFlags, nameFlag } from '../../cli/flags.ts';

export const computeDelete: Command = {
  name: 'delete',
  describe: 'Delete a compute cluster.',
  options: [nameFlag, ...deleteFlags],
  example: 'malachite compute delete -n cpu --yes',
  async run({ flags, workspace }) {
    await (await workspace()).compute.delete({ name: flags.required('name') });
  },
};
