import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { followLogs } from '../../console/follow-logs.ts';
import { endpointNameFlag, whichDeployment } from './flags.ts';

export const onlineDeploymentGetLogs: Command = {
  name: 'get-logs',
  describe: 'The last lines of the container log of a deployment.',
  options: [
    nameFlag,
    endpointNameFlag,
    { flags: '-l, --lines <n>', describe: 'How many. Default 100.' },
    { flags: '--follow', describe: 'Then each new line, until Ctrl-C.' },
  ],
  example: 'malachite online-deployment get-logs -n blue -e bank --lines 20',
  handlesInterrupt: true,
  text: ({ lines }: { lines: string[] }) => lines.join('\n'),
  async run(context) {
    const { flags } = context;
    const lines = flags.integer('lines', { min: 1, max: 10_000 }) ?? 100;
    const which = whichDeployment(flags);
    const { deployment } = await context.workspace();
    if (!flags.is('follow')) return deployment.logs({ ...which, lines });
    await followLogs(context, deployment, which, lines);
  },
};
