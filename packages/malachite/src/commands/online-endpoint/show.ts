import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { endpointColumns } from './columns.ts';

export const onlineEndpointShow: Command = {
  name: 'show',
  describe: 'Show an online endpoint.',
  options: [nameFlag],
  example: 'malachite online-endpoint show -n bank --query scoring_uri -o tsv',
  columns: endpointColumns,
  async run({ flags, workspace }) {
    return (await workspace()).deployment.getEndpoint({ name: flags.required('name') });
  },
};
