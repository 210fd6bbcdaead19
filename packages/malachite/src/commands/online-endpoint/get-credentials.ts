import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const onlineEndpointGetCredentials: Command = {
  name: 'get-credentials',
  describe: 'Show the two keys of an online endpoint.',
  options: [nameFlag],
  example: 'malachite online-endpoint get-credentials -n bank --query primaryKey -o tsv',
  camelCase: true,
  columns: ['primaryKey', 'secondaryKey'],
  async run({ flags, workspace }) {
    return (await workspace()).deployment.keys({ name: flags.required('name') });
  },
};
