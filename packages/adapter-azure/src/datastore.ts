/** Bytes by content in the workspace's container: `malachite/blobs/<sha256>`. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Datastore, MalachiteError } from '@malachite/core';
import { asked, ofAzure } from './errors.ts';
import type { Storage } from './storage.ts';

export const blobPath = (sha256: string): string => `malachite/blobs/${sha256}`;

export function azureDatastore(storage: Storage): Datastore {
  return {
    async put(content) {
      // The address is known when all of it has been read, and only whole content may lie there.
      const folder = await mkdtemp(join(tmpdir(), 'malachite-upload-'));
      const file = join(folder, randomUUID());
      try {
        const hash = createHash('sha256');
        let sizeBytes = 0;
        await pipeline(
          Readable.from(content),
          async function* (chunks: AsyncIterable<Uint8Array>) {
            for await (const chunk of chunks) {
              hash.update(chunk);
              sizeBytes += chunk.byteLength;
              yield chunk;
            }
          },
          createWriteStream(file),
        );
        const sha256 = hash.digest('hex');
        await asked('Keeping bytes', async () => {
          const blob = (await storage.container()).getBlockBlobClient(blobPath(sha256));
          if (!(await blob.exists())) await blob.uploadStream(createReadStream(file));
        });
        return { sha256, sizeBytes };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async *get({ sha256 }) {
      const container = await storage.container();
      yield* readBlob(container, blobPath(sha256), `Nothing is kept under ${sha256}`);
    },
  };
}

type Container = Awaited<ReturnType<Storage['container']>>;

/** The bytes of a blob, `NotFound` with a sentence when there is none. */
export async function* readBlob(container: Container, path: string, missing: string): AsyncGenerator<Uint8Array> {
  const { readableStreamBody } = await container
    .getBlobClient(path)
    .download()
    .catch((thrown: { statusCode?: number }) => {
      throw thrown.statusCode === 404 ? new MalachiteError('NotFound', `${missing}.`) : ofAzure(thrown, `Reading ${path}`);
    });
  yield* (readableStreamBody ?? []) as AsyncIterable<Uint8Array>;
}
