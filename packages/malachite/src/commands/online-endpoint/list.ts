import type { Command } from '../../cli/command.ts';
import { endpointColumns } from './columns.ts';

export const onlineEndpointList: Command = {
  name: 'list',
  describe: 'List the online endpoints.',
  options: [],
  example: 'malachite online-endpoint list',
  columns: endpointColumns,
  async run(context) {
    return (await context.workspace()).deployment.listEndpoints({});
  },
};
