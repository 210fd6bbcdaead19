import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, setFlag } from '../../cli/flags.ts';
import { readCompute } from '../../yaml/index.ts';
import { readSpecification } from '../specification.ts';
import { computeColumns } from './columns.ts';

export const computeCreate: Command = {
  name: 'create',
  describe: 'Create a compute cluster: how many jobs run side by side.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    { flags: '-t, --type <type>', describe: 'amlcompute.' },
    { flags: '--size <size>', describe: "Azure's VM size; kept and shown." },
    { flags: '--min-instances <n>', describe: 'Nodes kept while idle. Default 0.' },
    { flags: '--max-instances <n>', describe: 'Jobs that run at once. Default 4.' },
    { flags: '--idle-time-before-scale-down <seconds>', describe: 'Default 120.' },
    { flags: '--tier <tier>', describe: 'dedicated or low_priority.' },
    { flags: '--description <text>', describe: 'A description.' },
  ],
  example: 'malachite compute create -n cpu --type amlcompute --min-instances 0 --max-instances 4',
  columns: computeColumns,
  async run(context) {
    const { flags } = context;
    const compute = await readSpecification(context, readCompute, {
      name: flags.text('name'),
      type: flags.text('type'),
      size: flags.text('size'),
      min_instances: flags.integer('min-instances', { min: 0 }),
      max_instances: flags.integer('max-instances', { min: 1 }),
      idle_time_before_scale_down: flags.integer('idle-time-before-scale-down', { min: 0 }),
      tier: flags.text('tier'),
      description: flags.text('description'),
    });
    return (await context.workspace()).compute.create(compute);
  },
};
