import type { Command } from '../../cli/command.ts';
import { deploymentColumns, endpointNameFlag } from './flags.ts';

export const onlineDeploymentList: Command = {
  name: 'list',
  describe: 'List the deployments of an online endpoint.',
  options: [endpointNameFlag],
  example: 'malachite online-deployment list -e bank',
  columns: deploymentColumns,
  async run({ flags, workspace }) {
    return (await workspace()).deployment.listDeployments({ name: flags.required('endpoint-name') });
  },
};
