import type { Command } from '../../cli/command.ts';
import { deleteFlags, nameFlag, noWaitFlag } from '../../cli/flags.ts';

export const onlineEndpointDelete: Command = {
  name: 'delete',
  describe: 'Delete an online endpoint and its deployments.',
  options: [nameFlag, ...deleteFlags, noWaitFlag],
  example: 'malachite online-endpoint delete -n bank --yes',
  async run({ flags, workspace }) {
    await (await workspace()).deployment.deleteEndpoint({ name: flags.required('name') });
  },
};
