import type { Command } from '../../cli/command.ts';
import { deleteFlags, nameFlag, noWaitFlag } from '../../cli/flags.ts';
import { endpointNameFlag, whichDeployment } from './flags.ts';

export const onlineDeploymentDelete: Command = {
  name: 'delete',
  describe: 'Delete a deployment that has no traffic.',
  options: [nameFlag, endpointNameFlag, ...deleteFlags, noWaitFlag],
  example: 'malachite online-deployment delete -n blue -e bank --yes',
  async run({ flags, workspace }) {
    await (await workspace()).deployment.deleteDeployment(whichDeployment(flags));
  },
};
