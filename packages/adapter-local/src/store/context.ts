/** What every room of the local adapter works with: the home, its database and blobs, a clock, a log. */
import { type Dataset, MalachiteError } from '@malachite/core';
import type { Logger } from 'pino';
import { type Blobs, openBlobs } from './blobs.ts';
import { type Database, openDatabase } from './database.ts';
import { reasonOf } from './folders.ts';
import { type Home, openHome } from './home.ts';
import { migrate } from './migrations.ts';
import { createSignal, type Signal } from './signal.ts';

export type Context = {
  readonly home: Home;
  readonly db: Database;
  readonly blobs: Blobs;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly workspaceName: string;
  /** A dataset version was created; heard after its commit. */
  readonly onDatasetVersion: Signal<Dataset>;
};

export type ContextOptions = {
  /** The folder; made when it is not there. */
  readonly home: string;
  /** Where it is served, if it is. */
  readonly serverUrl?: string | undefined;
  readonly workspaceName: string;
  readonly clock: () => Date;
  readonly log: Logger;
};

/** Opens a home: lock, database at its newest migration, blobs. `Failed`, naming the folder and the reason, when it cannot. */
export function openContext(options: ContextOptions): Context {
  try {
    return openWhole(options);
  } catch (error) {
    if (error instanceof MalachiteError) throw error;
    throw new MalachiteError('Failed', `The workspace in "${options.home}" cannot be opened: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function openWhole({ home: folder, serverUrl, workspaceName, clock, log }: ContextOptions): Context {
  const home = openHome(folder, serverUrl);
  try {
    const db = openDatabase(home.databaseFile);
    try {
      migrate(db);
      const onDatasetVersion = createSignal<Dataset>((error) =>
        log.error({ err: error }, 'A listener for dataset versions failed'),
      );
      return { home, db, blobs: openBlobs(home.blobsFolder), clock, log, workspaceName, onDatasetVersion };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    home.close();
    throw error;
  }
}

/** Closes the database and gives the home free. */
export function closeContext({ db, home }: Context): void {
  db.close();
  home.close();
}
