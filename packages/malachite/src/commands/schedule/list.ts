import type { Command } from '../../cli/command.ts';
import { scheduleColumns } from './columns.ts';

export const scheduleList: Command = {
  name: 'list',
  describe: 'List the schedules.',
  options: [],
  example: 'malachite schedule list',
  columns: scheduleColumns,
  async run(context) {
    return (await context.workspace()).pipelines.listSchedules();
  },
};
