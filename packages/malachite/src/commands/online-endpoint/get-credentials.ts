import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const onlineEndpointGetCredentials: Command = {
  name: 'get-credentials',
  describe: 'Show the two keys of an online endpoint, or a new token where its auth_mode is aml_token.',
  options: [nameFlag],
  example: 'malachite online-endpoint get-credentials -n bank --query primaryKey -o tsv',
  camelCase: true,
  columns: ['primaryKey', 'secondaryKey', 'accessToken', 'expiryTimeUtc'],
  async run({ flags, workspace }) {
    const { deployment } = await workspace();
    const { name, authMode } = await deployment.getEndpoint({ name: flags.required('name') });
    return authMode === 'aml_token' ? deployment.token({ name }) : deployment.keys({ name });
  },
};
