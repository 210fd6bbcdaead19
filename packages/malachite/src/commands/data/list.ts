import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const dataList: Command = {
  name: 'list',
  describe: 'List the data assets, or the versions of one.',
  options: [nameFlag, { flags: '--include-archived', describe: 'Archived ones too.' }],
  example: 'malachite data list',
  columns: ['name', 'version', 'type', 'format', 'row_count', 'size_bytes', 'created_at'],
  async run({ flags, workspace }) {
    const { datasets } = await workspace();
    const name = flags.text('name');
    return name ? datasets.versions({ name }) : datasets.list({ includeArchived: flags.is('include-archived') });
  },
};
