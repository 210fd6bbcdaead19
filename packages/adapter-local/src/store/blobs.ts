/**
 * Bytes under their sha256, each kept once: `blobs/ab/cdef…`. Safe for several processes at a time. Whatever `put` has
 * answered is on disk; a file under an address is always whole, because it gets its name only after its last byte.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blob, MalachiteError } from '@malachite/core';
import { isSameProcess, processStart } from './process-identity.ts';

export interface Blobs {
  /** Keeps a stream, whatever its length, and answers its address once the bytes are on disk. */
  put(content: AsyncIterable<Uint8Array>): Promise<Blob>;
  putBytes(bytes: Uint8Array): Promise<Blob>;
  /** The bytes as a stream. `NotFound` when nothing is kept under the address. */
  get(sha256: string): AsyncIterable<Uint8Array>;
  /** All bytes at once. */
  read(sha256: string): Promise<Uint8Array>;
  /** Where the file lies (or would). `InvalidInput` for what is no sha256. */
  path(sha256: string): string;
  has(sha256: string): boolean;
  /** In bytes. */
  size(sha256: string): Promise<number>;
}

/** Opens or makes the store, and removes what puts of processes that have died left unfinished. */
export function openBlobs(folder: string): Blobs {
  const unfinished = join(folder, 'unfinished');
  mkdirSync(unfinished, { recursive: true });
  sweep(unfinished);
  const owner = `${process.pid}-${processStart(process.pid) ?? 'unknown'}`;

  const path = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new MalachiteError('InvalidInput', `"${sha256}" is not a sha256: 64 digits 0-9 and a-f.`);
    }
    return join(folder, sha256.slice(0, 2), sha256.slice(2));
  };

  return {
    path,
    has: (sha256) => existsSync(path(sha256)),
    size: async (sha256) => (await stat(path(sha256)).catch(notKept(sha256))).size,
    read: async (sha256) => readFile(path(sha256)).catch(notKept(sha256)),
    async *get(sha256) {
      await stat(path(sha256)).catch(notKept(sha256));
      yield* createReadStream(path(sha256)) as AsyncIterable<Buffer>;
    },
    async putBytes(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (existsSync(path(sha256))) {
        await syncFolder(join(path(sha256), '..'));
        return { sha256, sizeBytes: bytes.byteLength };
      }
      return this.put(once(bytes));
    },
    async put(content) {
      const temporary = join(unfinished, `${owner}-${randomUUID()}`);
      try {
        const { sha256, sizeBytes } = await writeThrough(temporary, content);
        await place(temporary, path(sha256));
        return { sha256, sizeBytes };
      } finally {
        await rm(temporary, { force: true });
      }
    },
  };
}

/** Writes and hashes in one pass; returns when the bytes have reached the disk. */
async function writeThrough(file: string, content: AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const handle = await open(file, 'wx', 0o644);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function place(temporary: string, final: string): Promise<void> {
  const folder = join(final, '..');
  const isNewFolder = mkdirSync(folder, { recursive: true }) !== undefined;
  if (!existsSync(final)) await rename(temporary, final);
  await syncFolder(folder);
  if (isNewFolder) await syncFolder(join(folder, '..'));
}

/** Makes the names in a folder durable; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** File names there begin with `<pid>-<start>-`; only those of processes that have ended go. */
function sweep(unfinished: string): void {
  for (const name of readdirSync(unfinished)) {
    const [pid, start] = name.split('-');
    if (!isSameProcess(Number(pid), start ?? '')) rmSync(join(unfinished, name), { force: true });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function notKept(sha256: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code !== 'ENOENT') throw error;
    throw new MalachiteError('NotFound', `No bytes are kept under sha256 ${sha256}.`);
  };
}
