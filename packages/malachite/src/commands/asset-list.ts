/** What `list` of data assets and of models have in common: the versions of one or the latest of each, archived or not. */
import { type Datasets, MalachiteError } from '@malachite/core';
import { type Flags, limited, maxResultsFlag, nameFlag } from '../cli/flags.ts';

type Listed = { readonly name: string; readonly isArchived: boolean };
type Lists<A extends Listed> = {
  list(input: Parameters<Datasets['list']>[0]): Promise<A[]>;
  versions(input: Parameters<Datasets['versions']>[0]): Promise<A[]>;
};

export const assetListFlags = [
  nameFlag,
  { flags: '--include-archived', describe: 'Archived ones too.' },
  { flags: '--archived-only', describe: 'Only archived ones.' },
  maxResultsFlag,
];

export async function listAssets<A extends Listed>(flags: Flags, assets: Lists<A>): Promise<A[]> {
  const [includeArchived, archivedOnly] = [flags.is('include-archived'), flags.is('archived-only')];
  if (includeArchived && archivedOnly)
    throw new MalachiteError('InvalidInput', 'Give --include-archived or --archived-only, not both.');
  const name = flags.text('name');
  if (name !== undefined) {
    const versions = await assets.versions({ name });
    return limited(
      flags,
      versions.filter(({ isArchived }) => includeArchived || isArchived === archivedOnly),
    );
  }
  const found = await assets.list({ includeArchived: includeArchived || archivedOnly });
  if (!archivedOnly) return limited(flags, found);
  // A name is archived when all its versions are.
  const active = new Set((await assets.list({})).map((asset) => asset.name));
  return limited(
    flags,
    found.filter((asset) => !active.has(asset.name)),
  );
}
