/** What data assets and models have in common on ARM: versions under a name, the next one, archiving. */
import { MalachiteError } from '@malachite/core';
import { asked, missing } from './errors.ts';

/** As data and model versions alike answer. */
export type ArmVersion = { readonly name?: string; readonly systemData?: { readonly createdAt?: Date } };
type Container = {
  readonly name?: string;
  readonly properties?: { readonly isArchived?: boolean; readonly latestVersion?: string };
};

/** The client's calls for one kind of asset. */
export type Calls<V extends ArmVersion> = {
  /** For people: `dataset`, `model`. */
  readonly noun: string;
  containers(view: 'ActiveOnly' | 'All'): AsyncIterable<Container>;
  versions(name: string): AsyncIterable<V>;
  version(name: string, version: string): Promise<V>;
};

export type Versions<V extends ArmVersion> = {
  /** Newest first; empty for a name that is not there. */
  known(name: string): Promise<V[]>;
  /** @throws MalachiteError `NotFound`. */
  all(name: string): Promise<V[]>;
  /** The version, or the latest. @throws MalachiteError `NotFound` that names those there are. */
  find(name: string, version: string | undefined): Promise<V>;
  /** The latest of every name. */
  latest(includeArchived: boolean): Promise<{ readonly name: string; readonly version: V }[]>;
};

export function versionsOf<V extends ArmVersion>({ noun, containers, versions, version: one }: Calls<V>): Versions<V> {
  const known = async (name: string): Promise<V[]> => {
    const found = await asked(`Listing the versions of ${noun} "${name}"`, () => Array.fromAsync(versions(name))).catch(
      (error) => {
        if ((error as MalachiteError).code === 'NotFound') return [];
        throw error;
      },
    );
    return found.toSorted(newestFirst);
  };
  const all = async (name: string): Promise<V[]> => {
    const found = await known(name);
    if (found.length === 0) throw new MalachiteError('NotFound', `There is no ${noun} "${name}".`);
    return found;
  };
  return {
    known,
    all,
    async find(name, version) {
      const wanted = version ?? (await all(name))[0]?.name ?? '';
      // Of one alone the service says more than in a list: for it, what lies at its address is made ready.
      const found = await asked(`The ${noun} "${name}:${wanted}"`, () => one(name, wanted)).catch(missing);
      if (found) return found;
      const names = (await all(name)).map((each) => each.name).join(', ');
      throw new MalachiteError('NotFound', `There is no ${noun} "${name}:${version}". Versions: ${names}.`);
    },
    async latest(includeArchived) {
      const named = await asked(`Listing every ${noun}`, () =>
        Array.fromAsync(containers(includeArchived ? 'All' : 'ActiveOnly')),
      );
      const found = named.map(async ({ name = '' }) => (await known(name)).slice(0, 1).map((version) => ({ name, version })));
      return (await Promise.all(found)).flat();
    },
  };
}

/** One more than the highest version that is a whole number. */
export const nextVersion = (versions: readonly ArmVersion[]): string =>
  String(1 + Math.max(0, ...versions.map(({ name = '' }) => (/^\d{1,15}$/.test(name) ? Number(name) : 0))));

function newestFirst(a: ArmVersion, b: ArmVersion): number {
  const [at, bt] = [a, b].map(({ systemData }) => systemData?.createdAt?.getTime() ?? 0) as [number, number];
  return bt - at || (b.name ?? '').localeCompare(a.name ?? '', 'en', { numeric: true });
}
