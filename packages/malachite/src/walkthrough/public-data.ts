/** Public data, downloaded once and known by its hash. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MalachiteError } from '@malachite/core';

type PublicFile = { readonly url: string; readonly fileName: string; readonly sha256: string; readonly targetColumnName: string };

/** The local copy of a public file that `catalogue` (a JSON file) names; downloaded when it is not in `folder` yet. */
export async function downloadPublicData(
  name: string,
  catalogue: string,
  folder: string,
): Promise<{ file: string; targetColumnName: string }> {
  const files = JSON.parse(await readFile(catalogue, 'utf8')) as Record<string, PublicFile>;
  const known = files[name];
  if (known === undefined)
    throw new MalachiteError('NotFound', `There is no public data "${name}". Known: ${Object.keys(files).join(', ')}.`);
  const file = join(folder, known.fileName);
  const kept = await readFile(file).catch(() => undefined);
  if (kept === undefined || sha256(kept) !== known.sha256) {
    const content = await fetchBytes(known.url);
    if (sha256(content) !== known.sha256) {
      throw new MalachiteError('Failed', `What ${known.url} answered is not the file that was expected (its sha256 differs).`);
    }
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.part`, content);
    await rename(`${file}.part`, file);
  }
  return { file, targetColumnName: known.targetColumnName };
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const offline = 'Without a network, give a local file: --data FILE.';
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new MalachiteError('Failed', `${url} cannot be reached (${reason}). ${offline}`);
  });
  if (!response.ok) throw new MalachiteError('Failed', `${url} answered ${response.status}. ${offline}`);
  return new Uint8Array(await response.arrayBuffer());
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
