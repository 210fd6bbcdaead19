import type { Command } from '../../cli/command.ts';
import { runColumns } from './columns.ts';
import { pipelineIdFlag } from './flags.ts';

export const pipelineRuns: Command = {
  name: 'runs',
  describe: 'List the runs of all pipelines, or of one, newest first.',
  options: [pipelineIdFlag],
  example: 'malachite pipeline runs -n bank-train',
  columns: runColumns,
  async run({ flags, workspace }) {
    const { pipelines } = await workspace();
    const id = flags.text('name');
    return pipelines.runs(id === undefined ? {} : { pipelineId: (await pipelines.get({ id })).id });
  },
};
