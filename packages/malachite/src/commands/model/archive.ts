import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const modelArchive: Command = {
  name: 'archive',
  describe: 'Hide a version, or all versions, of a model from lists.',
  options: [nameFlag, { flags: '-v, --version <version>', describe: 'The version. Default: all of them.' }],
  example: 'malachite model archive -n bank -v 1',
  async run({ flags, workspace }) {
    await (await workspace()).models.archive({ name: flags.required('name'), version: flags.text('version') });
  },
};
