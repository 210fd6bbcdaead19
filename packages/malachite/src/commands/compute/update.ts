import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { computeColumns } from './columns.ts';

export const computeUpdate: Command = {
  name: 'update',
  describe: 'Change the size of a compute cluster.',
  options: [
    nameFlag,
    { flags: '--min-instances <n>', describe: 'Nodes kept while idle.' },
    { flags: '--max-instances <n>', describe: 'Jobs that run at once.' },
    { flags: '--idle-time-before-scale-down <seconds>', describe: 'Before an idle node goes.' },
  ],
  example: 'malachite compute update -n cpu --max-instances 2',
  columns: computeColumns,
  async run({ flags, workspace }) {
    return (await workspace()).compute.update({
      name: flags.required('name'),
      minInstances: flags.integer('min-instances', { min: 0 }),
      maxInstances: flags.integer('max-instances', { min: 1 }),
      idleTimeBeforeScaleDown: flags.integer('idle-time-before-scale-down', { min: 0 }),
    });
  },
};
