/** `archive` and `restore`, of data assets and of models alike. */
import type { Datasets, VersionInput, Workspace } from '@malachite/core';
import type { Command, Context } from '../cli/command.ts';
import { type Flags, nameFlag } from '../cli/flags.ts';

type Archive = Pick<Datasets, 'archive' | 'restore'>;

const options = [nameFlag, { flags: '-v, --version <version>', describe: 'The version. Default: all of them.' }];
const input = (flags: Flags): VersionInput => ({ name: flags.required('name'), version: flags.text('version') });

/**
 * @param noun Of the group: `data`.
 * @param asset In words: `a data asset`.
 */
export function archiveCommands(noun: string, asset: string, portOf: (workspace: Workspace) => Archive): readonly Command[] {
  const port = async ({ workspace }: Context): Promise<Archive> => portOf(await workspace());
  return [
    {
      name: 'archive',
      describe: `Hide a version, or all versions, of ${asset} from lists.`,
      options,
      example: `malachite ${noun} archive -n bank -v 1`,
      run: async (context) => (await port(context)).archive(input(context.flags)),
    },
    {
      name: 'restore',
      describe: `Bring a version, or all versions, of ${asset} back from the archive.`,
      options,
      example: `malachite ${noun} restore -n bank -v 1`,
      run: async (context) => (await port(context)).restore(input(context.flags)),
    },
  ];
}
