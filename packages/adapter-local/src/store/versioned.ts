/**
 * Named assets of immutable versions, each a row of one table: what datasets and models have in common. The table has the columns
 * of `VersionRow`; its rowid is the order of creation over the whole workspace.
 */
import { MalachiteError, type VersionInput } from '@malachite/core';
import { nextVersion } from './assets.ts';
import type { Database, SqlValue } from './database.ts';

export type VersionRow = {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  /** Of the list of files. */
  readonly sha256: string;
  readonly is_archived: number;
};

/** What makes a version what it is. Without a version any of that name may hold it. */
export type Content = Pick<VersionRow, 'name' | 'type' | 'sha256'> & { readonly version: string | undefined };

export interface VersionedTable<R extends VersionRow> {
  insert(row: R): void;
  /** The version asked for, or the latest that is not archived (or the latest at all, when all are). @throws NotFound */
  find(input: VersionInput): R;
  /** Newest first. @throws NotFound */
  versions(name: string): R[];
  /** The latest version of every name, by name; archived versions count only when they are asked for. */
  latest(includeArchived: boolean): R[];
  /** The version to give to new content when none is asked for. */
  next(name: string): string;
  /** The version that holds this content already, taken out of the archive. @throws Conflict for other content under the version asked for */
  holding(content: Content): R | undefined;
  /** Without a version, all of them. @throws NotFound */
  setArchived(input: VersionInput, isArchived: boolean): void;
}

/** @param noun For sentences: `dataset`. */
export function versionedTable<R extends VersionRow & Record<string, SqlValue>>(
  db: Database,
  table: 'datasets' | 'models',
  noun: string,
): VersionedTable<R> {
  const title = noun.charAt(0).toUpperCase() + noun.slice(1);
  const known = (name: string): R[] => db.all<R>(`SELECT * FROM ${table} WHERE name = ? ORDER BY rowid DESC`, [name]);
  const notFound = ({ name, version }: VersionInput): MalachiteError => {
    const versions = known(name).map((row) => row.version);
    const asked = version === undefined ? name : `${name}:${version}`;
    const there = versions.length > 0 ? `Versions: ${versions.toReversed().join(', ')}.` : `There is no ${noun} of that name.`;
    return new MalachiteError('NotFound', `${title} "${asked}" does not exist. ${there}`);
  };
  const find = ({ name, version }: VersionInput): R => {
    const row =
      version === undefined
        ? db.get<R>(`SELECT * FROM ${table} WHERE name = ? ORDER BY is_archived, rowid DESC LIMIT 1`, [name])
        : db.get<R>(`SELECT * FROM ${table} WHERE name = ? AND version = ?`, [name, version]);
    if (!row) throw notFound({ name, version });
    return row;
  };
  const setArchived = ({ name, version }: VersionInput, isArchived: boolean): void => {
    find({ name, version });
    db.run(`UPDATE ${table} SET is_archived = ? WHERE name = ? AND version = coalesce(?, version)`, [isArchived, name, version]);
  };

  return {
    insert(row) {
      const columns = Object.keys(row);
      db.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((each) => `:${each}`).join(', ')})`, row);
    },
    find,
    versions(name) {
      find({ name });
      return known(name);
    },
    latest: (includeArchived) =>
      db.all<R>(
        `SELECT * FROM ${table} WHERE rowid IN
           (SELECT max(rowid) FROM ${table} WHERE is_archived = 0 OR ? GROUP BY name) ORDER BY name`,
        [includeArchived],
      ),
    next: (name) => nextVersion(known(name).map((row) => row.version)),
    holding({ name, version, type, sha256 }) {
      const named = known(name).filter((row) => version === undefined || row.version === version);
      const same = named.find((row) => row.sha256 === sha256 && row.type === type);
      if (!same && version !== undefined && named.length > 0) {
        throw new MalachiteError(
          'Conflict',
          `${title} "${name}:${version}" exists with other content. Versions are immutable: leave the version out to get the next one.`,
        );
      }
      if (same?.is_archived) setArchived(same, false);
      return same && { ...same, is_archived: 0 };
    },
    setArchived,
  };
}
