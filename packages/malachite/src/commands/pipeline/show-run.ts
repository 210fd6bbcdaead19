import type { Command } from '../../cli/command.ts';
import { pipelineRunText } from '../../console/follow-pipeline-run.ts';
import { runIdFlag } from './flags.ts';

export const pipelineShowRun: Command = {
  name: 'show-run',
  describe: 'Show a run and its steps.',
  options: [runIdFlag],
  example: 'malachite pipeline show-run --run-id ID',
  text: pipelineRunText,
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.run({ id: flags.required('run-id') });
  },
};
