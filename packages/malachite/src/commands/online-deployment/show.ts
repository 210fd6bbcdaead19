import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { deploymentColumns, endpointNameFlag, whichDeployment } from './flags.ts';

export const onlineDeploymentShow: Command = {
  name: 'show',
  describe: 'Show a deployment.',
  options: [nameFlag, endpointNameFlag],
  example: 'malachite online-deployment show -n blue -e bank',
  columns: deploymentColumns,
  async run({ flags, workspace }) {
    return (await workspace()).deployment.getDeployment(whichDeployment(flags));
  },
};
