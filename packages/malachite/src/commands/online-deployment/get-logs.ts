import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { endpointNameFlag, whichDeployment } from './flags.ts';

export const onlineDeploymentGetLogs: Command = {
  name: 'get-logs',
  describe: 'The last lines of the container log of a deployment.',
  options: [nameFlag, endpointNameFlag, { flags: '-l, --lines <n>', describe: 'How many. Default 100.' }],
  example: 'malachite online-deployment get-logs -n blue -e bank --lines 20',
  text: ({ lines }: { lines: string[] }) => lines.join('\n'),
  async run({ flags, workspace }) {
    const lines = flags.integer('lines', { min: 1, max: 10_000 });
    return (await workspace()).deployment.logs({ ...whichDeployment(flags), lines });
  },
};
