/** Archiving data assets and models on ARM: what was recorded is sent again, with another `isArchived`. */
import type { Datasets, VersionInput } from '@malachite/core';
import { asked } from './errors.ts';
import type { ArmVersion, Versions } from './versions.ts';

type AssetVersion = ArmVersion & { readonly properties: object };

/** The client's calls for one kind of asset. */
export type ArchiveCalls<V extends AssetVersion> = {
  /** For people: `dataset`, `model`. */
  readonly noun: string;
  readonly versions: Versions<V>;
  put(name: string, version: string, properties: V['properties'] & { readonly isArchived: boolean }): Promise<unknown>;
  /** The name itself; `newest` is one of its versions. */
  putContainer(name: string, newest: V, isArchived: boolean): Promise<unknown>;
};

export function archiveOf<V extends AssetVersion>(calls: ArchiveCalls<V>): Pick<Datasets, 'archive' | 'restore'> {
  const { noun, versions, put, putContainer } = calls;
  const set = async ({ name, version }: VersionInput, isArchived: boolean): Promise<void> => {
    const found = version === undefined ? await versions.all(name) : [await versions.find(name, version)];
    const doing = isArchived ? 'Archiving' : 'Restoring';
    for (const { name: each = '', properties } of found)
      await asked(`${doing} ${noun} "${name}:${each}"`, () => put(name, each, { ...properties, isArchived }));
    const [newest] = found;
    if (version === undefined && newest) await asked(`${doing} ${noun} "${name}"`, () => putContainer(name, newest, isArchived));
  };
  return { archive: (input) => set(input, true), restore: (input) => set(input, false) };
}
