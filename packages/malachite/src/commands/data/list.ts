import type { Command } from '../../cli/command.ts';
import { assetListFlags, listAssets } from '../asset-list.ts';

export const dataList: Command = {
  name: 'list',
  describe: 'List the data assets, or the versions of one.',
  options: assetListFlags,
  example: 'malachite data list',
  columns: ['name', 'version', 'type', 'format', 'row_count', 'size_bytes', 'created_at'],
  run: async ({ flags, workspace }) => listAssets(flags, (await workspace()).datasets),
};
