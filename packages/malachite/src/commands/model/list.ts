import type { Command } from '../../cli/command.ts';
import { assetListFlags, listAssets } from '../asset-list.ts';
import { modelColumns } from './columns.ts';

export const modelList: Command = {
  name: 'list',
  describe: 'List the models, or the versions of one.',
  options: assetListFlags,
  example: 'malachite model list',
  columns: modelColumns,
  run: async ({ flags, workspace }) => listAssets(flags, (await workspace()).models),
};
