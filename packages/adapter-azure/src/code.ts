/** The files of a scoring script, as a code asset named by their content. */
import type { CodeConfiguration as ArmCode } from '@azure/arm-machinelearning';
import type { CodeConfiguration } from '@malachite/core';
import { type Connection, idOf } from './connection.ts';
import { putContent, readManifest } from './content.ts';
import { asked } from './errors.ts';
import type { Storage } from './storage.ts';

export type Code = CodeConfiguration;

/** Uploads the files and registers them; the same files are the same asset. */
export async function uploadCode(connection: Connection, storage: Storage, { scoringScript, files }: Code): Promise<ArmCode> {
  const { client, resourceGroup, workspaceName } = connection;
  const { sha256, path } = await putContent(storage, 'code', files);
  const name = `code-${sha256}`;
  // Code is named by its plain address, without a signature.
  const codeUri = `${(await storage.container()).url.split('?')[0]}/${path}`;
  await asked('Registering code', () =>
    client.codeVersions.createOrUpdate(resourceGroup, workspaceName, name, '1', { properties: { codeUri, isAnonymous: true } }),
  );
  return { codeId: idOf(connection, 'codes', name, 'versions', '1'), scoringScript };
}

/** The files of code that we registered; undefined for a deployment without code, or with that of others. */
export async function codeOf(storage: Storage, configuration: ArmCode | undefined): Promise<Code | undefined> {
  const [, sha256] = /\/codes\/code-([0-9a-f]{64})\//.exec(configuration?.codeId ?? '') ?? [];
  const content = sha256 && (await readManifest(storage, `malachite/code/${sha256}`));
  return content ? { scoringScript: configuration?.scoringScript ?? '', files: [...content.files] } : undefined;
}
