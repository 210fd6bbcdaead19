import type { Command } from '../../cli/command.ts';
import { nameFlag, versionFlag } from '../../cli/flags.ts';
import { modelColumns } from './columns.ts';

export const modelShow: Command = {
  name: 'show',
  describe: 'Show a version of a model: signature, metrics, parity.',
  options: [nameFlag, versionFlag],
  example: 'malachite model show -n bank',
  columns: modelColumns,
  async run({ flags, workspace }) {
    return (await workspace()).models.get({ name: flags.required('name'), version: flags.text('version') });
  },
};
