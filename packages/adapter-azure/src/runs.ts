/** Run history, metrics and files of jobs and their trials, over the data plane. */
import { type Artifact, type Explanation, type Guardrail, MalachiteError, type Metrics } from '@malachite/core';
import { type Connection, idOf } from './connection.ts';
import { readBlob } from './datastore.ts';
import { asked, missing } from './errors.ts';
import { explanationIn } from './explanation.ts';
import { guardrailsIn } from './guardrails.ts';
import type { Run } from './run.ts';
import { guardrailsPath, lookersOf } from './run-paths.ts';
import type { Storage } from './storage.ts';

export type Runs = {
  /** @throws MalachiteError `NotFound` that names it. */
  get(id: string): Promise<Run>;
  children(id: string): Promise<Run[]>;
  /** Name of the best child, where the service has chosen one. */
  bestTrial(run: Run): string | undefined;
  metrics(id: string): Promise<Metrics>;
  files(id: string): Promise<Artifact[]>;
  read(id: string, path: string): AsyncIterable<Uint8Array>;
  guardrails(id: string): Promise<Guardrail[]>;
  /** How much its model leans on each column, once the service has explained it. */
  explanation(id: string, metric: string): Promise<Explanation | null>;
};

type Page = { readonly value: readonly Run[]; readonly nextLink?: string | null };
type MlflowRun = {
  readonly run: { readonly data: { readonly metrics?: readonly { readonly key: string; readonly value: unknown }[] } };
};
/** The workspace's container of run files. */
const artifactDatastore = 'workspaceartifactstore';

export function azureRuns(connection: Connection, storage: Storage): Runs {
  const history = async (...segments: readonly string[]): Promise<string> =>
    [`${await connection.dataPlane()}/history/v1.0${idOf(connection)}/runs`, ...segments].join('/');
  const ask = <T>(doing: string, address: string): Promise<T> => connection.send(doing, 'GET', address, { apiVersion: 'v1.0' });
  const prefixOf = (id: string): string => `ExperimentRun/dcid.${id}/`;

  const get = async (id: string): Promise<Run> => {
    const found = await ask<Run>(`Run "${id}"`, await history(encodeURIComponent(id))).catch(missing);
    if (!found) throw new MalachiteError('NotFound', `There is no job and no trial "${id}".`);
    return found;
  };
  const read = async function* (id: string, path: string): AsyncGenerator<Uint8Array> {
    const container = await storage.container(artifactDatastore);
    yield* readBlob(container, prefixOf(id) + path, `"${id}" has no file "${path}"`);
  };
  const files = async (id: string): Promise<Artifact[]> => {
    await get(id);
    const container = await storage.container(artifactDatastore);
    return asked(`The files of "${id}"`, async () => {
      const files: Artifact[] = [];
      for await (const { name, properties } of container.listBlobsFlat({ prefix: prefixOf(id) })) {
        files.push({ path: name.slice(prefixOf(id).length), sizeBytes: properties.contentLength ?? 0 });
      }
      return files;
    });
  };
  return {
    get,
    async children(id) {
      const found: Run[] = [];
      let next: string | null | undefined = await history(encodeURIComponent(id), 'children');
      while (next) {
        const { value, nextLink }: Page = await ask(`The trials of "${id}"`, next);
        found.push(...value);
        next = nextLink;
      }
      return found;
    },
    bestTrial: ({ tags }) => tags?.automl_best_child_run_id ?? undefined,
    async metrics(id) {
      const mlflow = `${await connection.dataPlane()}/mlflow/v2.0${idOf(connection)}/api/2.0/mlflow`;
      const { run } = await ask<MlflowRun>(`The metrics of "${id}"`, `${mlflow}/runs/get?run_id=${encodeURIComponent(id)}`);
      // A number that JSON cannot write comes as a text: NaN, Infinity.
      return Object.fromEntries(
        (run.data.metrics ?? []).map(({ key, value }) => [key, typeof value === 'number' ? value : null]),
      );
    },
    files,
    read,
    async guardrails(id) {
      for (const run of [id, ...lookersOf(id)]) {
        const chunks = await Array.fromAsync(read(run, guardrailsPath)).catch(missing);
        if (chunks) return guardrailsIn(Buffer.concat(chunks).toString());
      }
      return [];
    },
    async explanation(id, metric) {
      const paths = (await files(id)).map(({ path }) => path);
      return explanationIn(paths, metric, async (path) => (await Array.fromAsync(read(id, path)).then(Buffer.concat)).toString());
    },
  };
}
