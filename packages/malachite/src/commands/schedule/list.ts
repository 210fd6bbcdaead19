import type { Command } from '../../cli/command.ts';
import { limited, maxResultsFlag } from '../../cli/flags.ts';
import { scheduleColumns } from './columns.ts';

export const scheduleList: Command = {
  name: 'list',
  describe: 'List the schedules.',
  options: [maxResultsFlag],
  example: 'malachite schedule list',
  columns: scheduleColumns,
  run: async ({ flags, workspace }) => limited(flags, await (await workspace()).pipelines.listSchedules()),
};
