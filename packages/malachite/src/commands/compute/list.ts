import type { Command } from '../../cli/command.ts';
import { computeColumns } from './columns.ts';

export const computeList: Command = {
  name: 'list',
  describe: 'List the compute clusters.',
  options: [],
  example: 'malachite compute list',
  columns: computeColumns,
  async run(context) {
    return (await context.workspace()).compute.list({});
  },
};
