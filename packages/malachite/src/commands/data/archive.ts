import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const dataArchive: Command = {
  name: 'archive',
  describe: 'Hide a version, or all versions, of a data asset from lists.',
  options: [nameFlag, { flags: '-v, --version <version>', describe: 'The version. Default: all of them.' }],
  example: 'malachite data archive -n bank -v 1',
  async run({ flags, workspace }) {
    await (await workspace()).datasets.archive({ name: flags.required('name'), version: flags.text('version') });
  },
};
