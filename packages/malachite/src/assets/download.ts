/** Bytes from the workspace into local files. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MalachiteError } from '@malachite/core';

/** Writes `content` to `path` inside `folder` (made when missing), whole or not at all. Returns the local path. */
export async function download(folder: string, path: string, content: AsyncIterable<Uint8Array>): Promise<string> {
  const root = resolve(folder);
  const file = resolve(root, path);
  if (!file.startsWith(root + sep)) throw new MalachiteError('InvalidInput', `"${path}" would be written outside "${folder}".`);
  await mkdir(dirname(file), { recursive: true });
  await pipeline(Readable.from(content), createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
  return file;
}
