import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { scheduleColumns } from './columns.ts';
import { findSchedule } from './find.ts';

export const scheduleShow: Command = {
  name: 'show',
  describe: 'Show a schedule.',
  options: [nameFlag],
  example: 'malachite schedule show -n retrain',
  columns: scheduleColumns,
  async run({ flags, workspace }) {
    return findSchedule((await workspace()).pipelines, flags.required('name'));
  },
};
