/** The files that an address of a client's names, as content of the workspace. */
import { type AssetFile, MalachiteError, parseAssetReference, parseJobOutput } from '@malachite/core';
import type { Facade } from '../arm/facade.ts';
import { resolveOutput } from '../arm/pipelines/pipeline-outputs.ts';
import { account } from './blob-service.ts';
import { importFiles } from './transfers.ts';
import { artifactDatastore, defaultDatastore, parseDatastoreUri } from './uris.ts';

/** Bytes are read from the web for at most so long. */
const downloadMs = 60_000;

/**
 * @param uri `azureml://datastores/workspaceblobstore/paths/…` (short or long), `azureml://jobs/…/outputs/…`, a data
 *   asset's id, or an `https` address.
 * @throws MalachiteError `InvalidInput` for another address or when nothing lies there; `Unavailable` when the web does not answer.
 */
export async function filesAt(facade: Facade, uri: string): Promise<AssetFile[]> {
  const { workspace, blobs, runFiles } = facade;
  const named = outputAt(uri);
  const output = named && (await resolveOutput(facade, named));
  if (output) return filesOfRun({ workspace, runFiles }, output.job, output.output);
  const place = parseDatastoreUri(uri);
  if (place) {
    if (place.datastore.toLowerCase() !== defaultDatastore) {
      throw new MalachiteError(
        'NotSupported',
        `"${uri}" lies in datastore "${place.datastore}". Malachite reads ${defaultDatastore} only: upload the data there.`,
      );
    }
    return importFiles((await blobs.open()).container, place.path, workspace.datastore);
  }
  const own = ownBlob(uri);
  if (own) return importFiles(await (await blobs.open()).containerNamed(own.container), own.path, workspace.datastore);
  if (/^https:\/\//i.test(uri)) return [await download(workspace, uri)];
  if (/\/data\/|^azureml:[^/]/i.test(uri)) {
    const { name, version } = parseAssetReference(uri);
    return (await workspace.datasets.get({ name, version })).files;
  }
  throw new MalachiteError(
    'InvalidInput',
    `"${uri}" cannot be read. Give azureml://datastores/${defaultDatastore}/paths/…, azureml:NAME:VERSION or an https address.`,
  );
}

/** The output of a job that an address names: `azureml://jobs/…`, `runs:/…`, or its place in the artifact store. */
export function outputAt(uri: string): { readonly job: string; readonly output: string } | undefined {
  const place = parseDatastoreUri(uri);
  if (!place) return parseJobOutput(uri);
  if (place.datastore.toLowerCase() !== artifactDatastore) return undefined;
  const [, job, output] = /^ExperimentRun\/dcid\.([^/]+)\/(.+)$/.exec(place.path) ?? [];
  return job && output ? { job, output } : undefined;
}

/** The place in our account that a plain address of it names, whatever port the account had then; code is registered so. */
function ownBlob(uri: string): { readonly container: string; readonly path: string } | undefined {
  const [plain = ''] = uri.split('?');
  const [, container, path] = ownAddress.exec(plain) ?? [];
  if (!container || !path) return undefined;
  try {
    return { container, path: decodeURIComponent(path) };
  } catch {
    throw new MalachiteError('InvalidInput', `"${uri}" is no address: its "%" signs are not those of UTF-8.`);
  }
}

const ownAddress = new RegExp(`^https://localhost:\\d+/${account.replaceAll('.', '\\.')}/([a-z0-9-]{3,63})/(.+)$`);

async function filesOfRun(
  { workspace, runFiles }: Pick<Facade, 'workspace' | 'runFiles'>,
  run: string,
  output: string,
): Promise<AssetFile[]> {
  const files = await runFiles.of(run);
  for (const prefix of [output, `outputs/${output}`].map((path) => path.replace(/\/+$/, ''))) {
    const found = files.filter(({ path }) => path === prefix || path.startsWith(`${prefix}/`));
    if (found.length === 0) continue;
    const kept = found.map(async ({ path, content }): Promise<AssetFile> => {
      const { sha256 } = await workspace.datastore.put(content());
      return { path: path === prefix ? (path.split('/').at(-1) as string) : path.slice(prefix.length + 1), sha256 };
    });
    return Promise.all(kept);
  }
  throw new MalachiteError('InvalidInput', `Run "${run}" has no output "${output}".`);
}

async function download(workspace: Facade['workspace'], uri: string): Promise<AssetFile> {
  const response = await fetch(uri, { signal: AbortSignal.timeout(downloadMs) }).catch((error: Error) => {
    throw new MalachiteError('InvalidInput', `"${uri}" could not be read: ${(error.cause as Error)?.message ?? error.message}.`);
  });
  if (!response.ok || !response.body) {
    throw new MalachiteError('InvalidInput', `"${uri}" could not be read: it answers ${response.status}.`);
  }
  const { sha256 } = await workspace.datastore.put(response.body);
  return { path: decodeURIComponent(new URL(uri).pathname.split('/').at(-1) || 'data'), sha256 };
}
