/** What every translation of the facade stands on. */
import type { Workspace } from '@malachite/core';
import type { Results } from '../history/results.ts';
import type { RunFiles } from '../history/run-files.ts';
import type { Tokens } from '../identity/tokens.ts';
import type { Tracking } from '../mlflow/tracking.ts';
import type { BlobService } from '../storage/blob-service.ts';
import type { Documents } from './documents.ts';

export type Facade = {
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly tokens: Tokens;
  readonly blobs: BlobService;
  readonly results: Results;
  readonly tracking: Tracking;
  readonly runFiles: RunFiles;
  /** Where we answer, `https://localhost:10143`; known once the socket is bound. */
  origin(): string;
};

/** Azure's region of this machine: the client copies it into what it creates. */
export const location = 'local';
