/** The datastore port over the blob store. */
import type { Datastore } from '@malachite/core';
import type { Context } from './context.ts';

export function localDatastore({ blobs }: Context): Datastore {
  return {
    put: (content) => blobs.put(content),
    get: ({ sha256 }) => blobs.get(sha256),
  };
}
