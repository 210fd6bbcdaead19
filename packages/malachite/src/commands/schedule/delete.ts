import type { Command } from '../../cli/command.ts';
import { deleteFlags, nameFlag } from '../../cli/flags.ts';

export const scheduleDelete: Command = {
  name: 'delete',
  describe: 'Delete a schedule.',
  options: [nameFlag, ...deleteFlags],
  example: 'malachite schedule delete -n retrain --yes',
  async run({ flags, workspace }) {
    await (await workspace()).pipelines.deleteSchedule({ name: flags.required('name') });
  },
};
