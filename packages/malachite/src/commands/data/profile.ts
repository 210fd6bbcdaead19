import type { Command } from '../../cli/command.ts';
import { assetVersion, nameFlag, versionFlags } from '../../cli/flags.ts';
import { profileText } from '../../console/profile.ts';

export const dataProfile: Command = {
  name: 'profile',
  describe: 'Statistics of every column.',
  options: [nameFlag, ...versionFlags],
  example: 'malachite data profile -n bank',
  text: profileText,
  async run({ flags, workspace }) {
    return (await workspace()).datasets.profile({ name: flags.required('name'), version: assetVersion(flags) });
  },
};
