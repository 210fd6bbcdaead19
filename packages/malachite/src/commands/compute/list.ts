import type { Command } from '../../cli/command.ts';
import { limited, maxResultsFlag } from '../../cli/flags.ts';
import { computeColumns } from './columns.ts';

export const computeList: Command = {
  name: 'list',
  describe: 'List the compute clusters.',
  options: [maxResultsFlag],
  example: 'malachite compute list',
  columns: computeColumns,
  run: async ({ flags, workspace }) => limited(flags, await (await workspace()).compute.list({})),
};
