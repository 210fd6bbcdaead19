import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { modelColumns } from './columns.ts';

export const modelList: Command = {
  name: 'list',
  describe: 'List the models, or the versions of one.',
  options: [nameFlag, { flags: '--include-archived', describe: 'Archived ones too.' }],
  example: 'malachite model list',
  columns: modelColumns,
  async run({ flags, workspace }) {
    const { models } = await workspace();
    const name = flags.text('name');
    return name ? models.versions({ name }) : models.list({ includeArchived: flags.is('include-archived') });
  },
};
