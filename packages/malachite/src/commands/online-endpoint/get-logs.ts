import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const onlineEndpointGetLogs: Command = {
  name: 'get-logs',
  describe: 'The last lines of the log of every deployment of an online endpoint.',
  options: [nameFlag, { flags: '-l, --lines <n>', describe: 'Lines a deployment. Default 100.' }],
  example: 'malachite online-endpoint get-logs -n bank --lines 20',
  columns: ['deployment', 'line'],
  async run({ flags, workspace }) {
    const { deployment: port } = await workspace();
    const endpointName = flags.required('name');
    const lines = flags.integer('lines', { min: 1, max: 10_000 });
    const deployments = await port.listDeployments({ name: endpointName });
    const logs = await Promise.all(deployments.map(({ name }) => port.logs({ endpointName, name, lines })));
    return deployments.flatMap(({ name }, index) => logs[index]!.lines.map((line) => ({ deployment: name, line })));
  },
};
