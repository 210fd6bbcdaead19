import type { Command } from '../../cli/command.ts';
import { pipelineIdFlag } from './flags.ts';

export const pipelineGetCredentials: Command = {
  name: 'get-credentials',
  describe: 'Show the key of a published pipeline.',
  options: [pipelineIdFlag],
  example: 'malachite pipeline get-credentials -n bank-train --query key -o tsv',
  async run({ flags, workspace }) {
    return (await workspace()).pipelines.key({ id: flags.required('name') });
  },
};
