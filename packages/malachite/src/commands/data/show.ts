import type { Command } from '../../cli/command.ts';
import { assetVersion, nameFlag, versionFlags } from '../../cli/flags.ts';

export const dataShow: Command = {
  name: 'show',
  describe: 'Show a version of a data asset.',
  options: [nameFlag, ...versionFlags],
  example: 'malachite data show -n bank',
  columns: ['name', 'version', 'type', 'format', 'row_count', 'size_bytes', 'created_at'],
  async run({ flags, workspace }) {
    return (await workspace()).datasets.get({ name: flags.required('name'), version: assetVersion(flags) });
  },
};
