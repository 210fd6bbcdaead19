import type { Command } from '../../cli/command.ts';
import { assetVersion, nameFlag, versionFlags } from '../../cli/flags.ts';

export const dataPreview: Command = {
  name: 'preview',
  describe: 'Show some rows, in file order.',
  options: [
    nameFlag,
    ...versionFlags,
    { flags: '--limit <rows>', describe: 'How many. Default 20.' },
    { flags: '--offset <rows>', describe: 'How many to pass over.' },
  ],
  example: 'malachite data preview -n bank --limit 5',
  async run({ flags, workspace }) {
    return (await workspace()).datasets.preview({
      name: flags.required('name'),
      version: assetVersion(flags),
      limit: flags.integer('limit', { min: 1, max: 10_000 }),
      offset: flags.integer('offset', { min: 0 }),
    });
  },
};
