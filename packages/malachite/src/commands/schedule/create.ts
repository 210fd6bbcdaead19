import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { scheduleColumns } from './columns.ts';

export const scheduleCreate: Command = {
  name: 'create',
  describe: 'Run a published pipeline whenever a new version of a dataset appears.',
  options: [
    nameFlag,
    { flags: '--pipeline <name>', describe: 'The name, or the id, of a published pipeline.' },
    { flags: '--dataset <name>', describe: 'The dataset whose new versions fire.' },
    { flags: '-e, --experiment-name <name>', describe: 'The experiment of the runs.' },
  ],
  example: 'malachite schedule create -n retrain --pipeline bank-train --dataset bank',
  columns: scheduleColumns,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.createSchedule({
      name: flags.required('name'),
      pipelineId: flags.required('pipeline'),
      trigger: { type: 'dataset', datasetName: flags.required('dataset') },
      experimentName: flags.text('experiment-name'),
    });
  },
};
