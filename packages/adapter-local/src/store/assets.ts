/** What datasets and models have in common: names, versions, and lists of files that stay inside their asset. */
import { createHash } from 'node:crypto';
import { type AssetFile, MalachiteError, Name, Version } from '@malachite/core';
import type { Blobs } from './blobs.ts';

/** A file of an asset whose bytes are in the blob store. */
export type StoredFile = AssetFile & { readonly sizeBytes: number };

/** The schema options that core's name schemas carry. */
type Rule = { readonly pattern: string; readonly description: string };
const nameRule = Name as typeof Name & Rule;
const versionRule = Version as typeof Version & Rule;

/** Refuses a name or version that core's schema would refuse; a caller in this process comes past no schema. */
export function mustBeNamed(kind: string, name: string, version?: string): void {
  if (!new RegExp(nameRule.pattern).test(name)) {
    throw new MalachiteError('InvalidInput', `"${name}" is no ${kind} name. ${nameRule.description}`);
  }
  if (version !== undefined && !new RegExp(versionRule.pattern).test(version)) {
    throw new MalachiteError('InvalidInput', `"${version}" is no ${kind} version. ${versionRule.description}`);
  }
}

/**
 * The path inside an asset, tidied (`./a//b` becomes `a/b`).
 *
 * @throws InvalidInput for what could leave the asset: an absolute path, a drive, a backslash, `..`
 */
export function assetPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const leaves = path.startsWith('/') || path.includes('\\') || path.includes('\0') || /^[A-Za-z]:/.test(path);
  if (leaves || parts.length === 0 || parts.includes('..')) {
    throw new MalachiteError(
      'InvalidInput',
      `"${path}" is no path inside an asset: it must be relative, with "/" between folders and without "..".`,
    );
  }
  return parts.join('/');
}

/**
 * The files with tidy paths and their real sizes, sorted by path. Every file's bytes must be in the blob store already.
 *
 * @throws NotFound for bytes that are not kept; InvalidInput for a bad path, a path given twice, a size that is not so
 */
export async function storedFiles(blobs: Blobs, files: readonly AssetFile[]): Promise<StoredFile[]> {
  const stored = await Promise.all(
    files.map(async (file): Promise<StoredFile> => {
      const sizeBytes = await blobs.size(file.sha256);
      if (file.sizeBytes !== undefined && file.sizeBytes !== sizeBytes) {
        throw new MalachiteError('InvalidInput', `"${file.path}" has ${sizeBytes} bytes, not ${file.sizeBytes}.`);
      }
      return { path: assetPath(file.path), sha256: file.sha256, sizeBytes };
    }),
  );
  stored.sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = stored.find((file, i) => file.path === stored[i + 1]?.path);
  if (twice) throw new MalachiteError('InvalidInput', `"${twice.path}" is there twice.`);
  return stored;
}

/** The sha256 of a list of files: of its paths and contents; of the content alone when it is a single file. */
export function contentSha256(files: readonly StoredFile[]): string {
  const [only] = files;
  if (only && files.length === 1) return only.sha256;
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
}

/** 1 after none, else one more than the highest whole number among the versions. */
export function nextVersion(versions: readonly string[]): string {
  const numbers = versions.filter((version) => /^\d{1,15}$/.test(version)).map(Number);
  return String(Math.max(0, ...numbers) + 1);
}
