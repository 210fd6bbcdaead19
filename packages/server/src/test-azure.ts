/** A local workspace behind the Azure origin, in a folder of its own, and a client that trusts it. For tests. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalWorkspace, openLocalWorkspace } from '@malachite/adapter-local';
import { type AzureOrigin, startAzureOrigin } from './azure-origin.ts';
import { openTracking } from './mlflow/tracking.ts';

export type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: unknown };
export type Ask = { readonly headers?: Record<string, string>; readonly body?: unknown; readonly path?: string };

export type TestAzure = {
  readonly workspace: LocalWorkspace;
  readonly origin: AzureOrigin;
  /** `/subscriptions/…/workspaces/ws`, with names that are the caller's own. */
  readonly prefix: string;
  /** A token as DefaultAzureCredential gets it. */
  token(audience?: string): Promise<string>;
  /** With a token, unless the headers say otherwise; `path` from the root, JSON in and out. */
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  /** Writes a blob with an address that carries its permission; the status. */
  upload(url: string, text: string): Promise<number>;
  close(): Promise<void>;
};

export async function startTestAzure(): Promise<TestAzure> {
  const home = mkdtempSync(join(tmpdir(), 'malachite-azure-'));
  const workspace = await openLocalWorkspace({ home });
  const tracking = openTracking(workspace, join(home, 'mlflow.sqlite'));
  const origin = await startAzureOrigin({ workspace, tracking, folder: join(home, 'azure'), port: 0 });
  const agent = new Agent({ ca: readFileSync(origin.caFile), keepAlive: true });
  const send = (method: string, path: string, headers: Record<string, string>, body: unknown): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const call = request(
        // The path as it is: a URL would make "a/../b" into "b".
        {
          host: '127.0.0.1',
          servername: 'localhost',
          port: new URL(origin.url).port,
          path,
          method,
          agent,
          headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const said = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers as Record<string, string>,
              body: parsed(said),
            });
          });
        },
      );
      call.on('error', reject).end(text);
    });
  const token = async (audience = origin.url): Promise<string> => {
    const path = `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(audience)}`;
    const { body } = await send('GET', path, { 'x-identity-header': origin.identitySecret }, undefined);
    return (body as { access_token: string }).access_token;
  };
  return {
    workspace,
    origin,
    prefix:
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Rg/providers/Microsoft.MachineLearningServices/workspaces/Ws',
    token,
    ask: async (method, path, { headers, body } = {}) =>
      send(method, path, headers ?? { authorization: `Bearer ${await token()}` }, body),
    upload: (url, text) =>
      new Promise((resolve, reject) => {
        const headers = { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2023-11-03', 'content-length': text.length };
        const call = request(url, { method: 'PUT', agent, headers }, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
        });
        call.once('error', reject).end(text);
      }),
    async close() {
      agent.destroy();
      await origin.close();
      tracking.close();
      await workspace.close();
      rmSync(home, { recursive: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
