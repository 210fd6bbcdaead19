/** Malachite inside a test process: a workspace, its server and its Azure origin, on free ports and in a folder of their own. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Whole, for an older Node has not all of its names, and is told so in a sentence by `node-version.ts`.
import tls from 'node:tls';
import { operations, type Ports, type Workspace } from '@malachite/core';

export type Malachite = AsyncDisposable & {
  /** Of the REST API, Swagger UI and plain MLflow clients: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Where unmodified Azure clients find the workspace: `https://localhost:PORT`. This process trusts its certificate. */
  readonly azureUrl: string;
  /**
   * Variables that point Azure's and MLflow's clients, `openWorkspace` and the command `malachite` here: for the `env` of child
   * processes in any language, or for this process, `Object.assign(process.env, malachite.env)`, before its clients are made.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The workspace itself; the same object before and after a reset. Closing it closes everything. */
  readonly workspace: Workspace;
  /** Ends its jobs and endpoints and empties it. Addresses, variables, certificate and tokens stay good. */
  reset(): Promise<void>;
  /** Ends everything it started and removes its folder. */
  close(): Promise<void>;
};

/**
 * Starts an empty Malachite in this process, for tests, in less than a second. Nothing is shared with another one.
 *
 *     const malachite = await startMalachite();
 *     afterEach(malachite.reset);
 *     afterAll(malachite.close);
 *     test('trains', async () => {
 *       await runMyProgram({ ...process.env, ...malachite.env });
 *       expect(await malachite.workspace.training.list({})).toHaveLength(1);
 *     });
 */
export async function startMalachite(): Promise<Malachite> {
  // DuckDB, ONNX Runtime and the servers take a while to load: only for those who start one.
  const [{ serveWorkspace }, { clientVariables }, home] = await Promise.all([
    import('./serving/serve-workspace.ts'),
    import('@malachite/server/azure'),
    mkdtemp(join(tmpdir(), 'malachite-test-')),
  ]);
  const serve = (port: number, azurePort: number) => serveWorkspace({ home, host: '127.0.0.1', port, azurePort, verbose: false });
  let served = await serve(0, 0);
  const { url, azureUrl } = served;
  const variables = await clientVariables({ home, url: azureUrl, apiUrl: url });
  const distrust = trust(await readFile(variables.NODE_EXTRA_CA_CERTS as string, 'utf8'));

  const reset = async () => {
    await served.close();
    await empty(home);
    served = await serve(portOf(url), portOf(azureUrl));
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= served.close().finally(() => {
      distrust();
      return rm(home, { recursive: true, force: true });
    });
    return closing;
  };
  return {
    url,
    azureUrl,
    env: { ...variables, MALACHITE_HOME: home, MALACHITE_ENDPOINT: url },
    workspace: { ...served.workspace, ...following(() => served.workspace), close },
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Ports whose calls go to the workspace that is open when they are made. */
function following(current: () => Workspace): Ports {
  type Calls = Readonly<Record<string, (input: unknown) => unknown>>;
  const ports = Object.entries(operations).map(([port, methods]) => {
    const calls = Object.keys(methods).map((name) => [
      name,
      (input: unknown) => (current()[port as keyof Ports] as unknown as Calls)[name]?.(input),
    ]);
    return [port, Object.fromEntries(calls)];
  });
  return Object.fromEntries(ports) as Ports;
}

/** This thread's TLS clients trust one authority more, until the answer is called. */
function trust(authority: string): () => void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority]);
  return () => tls.setDefaultCACertificates(tls.getCACertificates('default').filter((each) => each.trim() !== authority.trim()));
}

/** Removes all but what clients have been told to trust: the certificate authority and the key that signs tokens. */
async function empty(home: string): Promise<void> {
  const kept = ['tls', 'identity'];
  const others = async (folder: string, but: readonly string[]) =>
    (await readdir(folder)).filter((name) => !but.includes(name)).map((name) => join(folder, name));
  const removed = [...(await others(home, ['azure'])), ...(await others(join(home, 'azure'), kept))];
  await Promise.all(removed.map((path) => rm(path, { recursive: true, force: true })));
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
