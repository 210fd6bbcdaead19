import type { Command } from '../../cli/command.ts';
import { nameFlag, noWaitFlag, yesFlag } from '../../cli/flags.ts';
import { endpointNameFlag, whichDeployment } from './flags.ts';

export const onlineDeploymentDelete: Command = {
  name: 'delete',
  describe: 'Delete a deployment that has no traffic.',
  options: [nameFlag, endpointNameFlag, yesFlag, noWaitFlag],
  example: 'malachite online-deployment delete -n blue -e bank --yes',
  async run({ flags, workspace }) {
    await (await workspace()).deployment.deleteDeployment(whichDeployment(flags));
  },
};
