import type { Command } from '../../cli/command.ts';
import { nameFlag, yesFlag } from '../../cli/flags.ts';

export const scheduleDelete: Command = {
  name: 'delete',
  describe: 'Delete a schedule.',
  options: [nameFlag, yesFlag],
  example: 'malachite schedule delete -n retrain --yes',
  async run({ flags, workspace }) {
    await (await workspace()).pipelines.deleteSchedule({ name: flags.required('name') });
  },
};
