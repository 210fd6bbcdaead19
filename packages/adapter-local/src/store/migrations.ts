/** The numbered steps from an empty database to today's. A step that has been released is never changed: add the next. */
import { MalachiteError } from '@malachite/core';
import type { Database } from './database.ts';
import { assets } from './migrations/001-assets.ts';
import { runs } from './migrations/002-runs.ts';
import { scripts } from './migrations/003-scripts.ts';
import { bounds } from './migrations/004-bounds.ts';
import { probes } from './migrations/005-probes.ts';
import { loadTimes } from './migrations/006-load-times.ts';

/** In order; the database's `user_version` counts how many are done. */
export const migrations: readonly string[] = [assets, runs, scripts, bounds, probes, loadTimes];

/**
 * Brings the database to the newest step, all in one transaction. A database from a newer Malachite is a `Conflict`:
 * an older program would misread it.
 */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  const done = db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (done > steps.length) {
    throw new MalachiteError(
      'Conflict',
      `This workspace was written by a newer Malachite (its database is at step ${done}, this program knows ${steps.length}). Update Malachite, or choose another home.`,
    );
  }
  if (done === steps.length) return;
  db.transaction(() => {
    for (const step of steps.slice(done)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
  });
}
