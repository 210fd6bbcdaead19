import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { scheduleColumns } from './columns.ts';

export const scheduleDisable: Command = {
  name: 'disable',
  describe: 'Disable a schedule.',
  options: [nameFlag],
  example: 'malachite schedule disable -n retrain',
  columns: scheduleColumns,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.updateSchedule({ name: flags.required('name'), isEnabled: false });
  },
};
