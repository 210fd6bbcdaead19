/** The files of an asset, checked: where each lies inside it, and that its bytes are kept. */
import { createHash } from 'node:crypto';
import { type AssetFile, MalachiteError } from '@malachite/core';
import type { Blobs } from './blobs.ts';

/** The files with their sizes. `InvalidInput` for a path that leaves the asset, that occurs twice, or whose bytes are not kept. */
export function keptFiles(files: readonly AssetFile[], blobs: Blobs): Promise<Required<AssetFile>[]> {
  const seen = new Set<string>();
  return Promise.all(
    files.map(async ({ path, sha256 }) => {
      checkPath(path);
      if (seen.has(path)) throw new MalachiteError('InvalidInput', `The file "${path}" is given twice.`);
      seen.add(path);
      if (!blobs.has(sha256)) {
        throw new MalachiteError(
          'InvalidInput',
          `File "${path}": nothing is kept under sha256 ${sha256}. Upload its bytes first.`,
        );
      }
      return { path, sha256, sizeBytes: await blobs.size(sha256) };
    }),
  );
}

function checkPath(path: string): void {
  const parts = path.split('/');
  if (!path.includes('\\') && !path.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..')) return;
  throw new MalachiteError(
    'InvalidInput',
    `"${path}" is not a path inside an asset: "/" between folders, none of them empty, "." or "..", and no backslash.`,
  );
}

/** One address for a list of files: the same for the same paths and bytes, in whatever order. */
export function contentHash(files: readonly AssetFile[]): string {
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** One more than the highest whole number among the versions; 1 when there is none. */
export function nextVersion(versions: readonly string[]): string {
  const numbers = versions.filter((version) => /^\d+$/.test(version)).map(Number);
  return String(Math.max(0, ...numbers) + 1);
}
