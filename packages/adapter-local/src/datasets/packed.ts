/** Packed files that are cut off or damaged: DuckDB reads what is there of one and says nothing. */
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { MalachiteError } from '@malachite/core';
import type { FileHead } from './format.ts';

/** @throws MalachiteError `InvalidInput` unless the file can be unpacked to its end. */
export async function mustBeWhole(
  file: { readonly path: string; readonly name: string },
  { compression }: FileHead,
): Promise<void> {
  if (compression === 'none') return;
  const unpacked = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file.path), unpacked, nowhere);
  } catch (error) {
    throw new MalachiteError(
      'InvalidInput',
      `"${file.name}" is packed with ${compression} and is cut off or damaged: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}
