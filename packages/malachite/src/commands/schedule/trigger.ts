import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { runColumns } from '../pipeline/columns.ts';
import { findSchedule } from './find.ts';

export const scheduleTrigger: Command = {
  name: 'trigger',
  describe: 'Run the pipeline of a schedule now.',
  options: [nameFlag],
  example: 'malachite schedule trigger -n retrain',
  columns: runColumns,
  async run({ flags, workspace }) {
    const { pipelines } = await workspace();
    const { pipelineId, experimentName } = await findSchedule(pipelines, flags.required('name'));
    return pipelines.submit({ id: pipelineId, experimentName });
  },
};
