import type { Command } from '../../cli/command.ts';
import { nameFlag, versionFlag } from '../../cli/flags.ts';

export const dataShow: Command = {
  name: 'show',
  describe: 'Show a version of a data asset.',
  options: [nameFlag, versionFlag],
  example: 'malachite data show -n bank',
  columns: ['name', 'version', 'type', 'format', 'row_count', 'size_bytes', 'created_at'],
  async run({ flags, workspace }) {
    return (await workspace()).datasets.get({ name: flags.required('name'), version: flags.text('version') });
  },
};
