import type { Command } from '../../cli/command.ts';
import { assetVersion, nameFlag, versionFlags } from '../../cli/flags.ts';
import { modelColumns } from './columns.ts';

export const modelShow: Command = {
  name: 'show',
  describe: 'Show a version of a model: signature, metrics, parity.',
  options: [nameFlag, ...versionFlags],
  example: 'malachite model show -n bank',
  columns: modelColumns,
  async run({ flags, workspace }) {
    return (await workspace()).models.get({ name: flags.required('name'), version: assetVersion(flags) });
  },
};
