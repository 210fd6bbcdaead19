import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { scheduleColumns } from './columns.ts';

export const scheduleEnable: Command = {
  name: 'enable',
  describe: 'Enable a schedule.',
  options: [nameFlag],
  example: 'malachite schedule enable -n retrain',
  columns: scheduleColumns,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.updateSchedule({ name: flags.required('name'), isEnabled: true });
  },
};
