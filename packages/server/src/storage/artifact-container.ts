/**
 * `workspaceartifactstore` on the blob wire, read only: the files of jobs, trials and MLflow's runs under Azure's paths,
 * `ExperimentRun/dcid.{run}/{path}`, straight from where they are. Nothing is copied, and Azurite is not started.
 */
import { Readable } from 'node:stream';
import { MalachiteError } from '@malachite/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RunFiles } from '../history/run-files.ts';
import { storageSuffix } from '../identity/routes.ts';
import type { Tokens } from '../identity/tokens.ts';
import { missing } from '../missing.ts';

/** The container of `workspaceartifactstore`. */
export const artifactContainer = 'azureml';
/** The first segment of the path; what clients make of the account `localhost:PORT/artifacts`. */
const account = `artifacts.blob.${storageSuffix}`;

export const artifactAccount = (origin: string): string => `${new URL(origin).host}/artifacts`;
export const artifactPath = (run: string, path: string): string => `ExperimentRun/dcid.${run}/${path}`;

/** The query that makes an address of the container readable for some hours; without the leading `?`. */
export function signArtifacts(tokens: Tokens, hours: number, now = Date.now()): string {
  const se = new Date(now + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
  return new URLSearchParams({
    sv: '2023-11-03',
    sr: 'c',
    sp: 'rl',
    se,
    sig: tokens.sign(`${artifactContainer} ${se}`),
  }).toString();
}

/** Where a file of a run can be read for the next hours, without a token. */
export function artifactUrl(origin: string, tokens: Tokens, run: string, path: string, hours = 24): string {
  const encoded = artifactPath(run, path).split('/').map(encodeURIComponent).join('/');
  return `${origin}/${account}/${artifactContainer}/${encoded}?${signArtifacts(tokens, hours)}`;
}

type Query = Readonly<Record<string, string | undefined>>;

export function registerArtifactContainer(app: FastifyInstance, runFiles: RunFiles, tokens: Tokens): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => mustBeSigned(request.query as Query, tokens));
    scope.setErrorHandler(async (thrown, _, reply) => sendStorageError(thrown, reply));
    scope.get(`/${account}/${artifactContainer}`, async (request, reply) => {
      const { prefix = '', restype, comp } = request.query as Query;
      if (restype !== 'container') throw new MalachiteError('InvalidInput', 'Only restype=container is answered here.');
      reply.type('application/xml');
      return comp === 'list' ? listing(await blobsBelow(runFiles, prefix), prefix) : reply.send('');
    });
    const blob = async (request: FastifyRequest, reply: FastifyReply) => {
      const { run, path } = parse((request.params as { '*': string })['*']);
      const file = (await runFiles.of(run)).find((each) => each.path === path);
      if (!file) throw new MalachiteError('NotFound', 'The specified blob does not exist.');
      return sendBlob(request, reply, file.sizeBytes, file.content());
    };
    scope.route({ method: ['GET', 'HEAD'], url: `/${account}/${artifactContainer}/*`, handler: blob });
  });
}

function mustBeSigned({ se = '', sig = '' }: Query, tokens: Tokens): void {
  const isValid = tokens.isSigned(`${artifactContainer} ${se}`, sig) && Date.parse(se) > Date.now();
  if (!isValid)
    throw new MalachiteError('Unauthorized', 'Server failed to authenticate the request: the signature is wrong or has expired.');
}

function parse(blob: string): { readonly run: string; readonly path: string } {
  const [, run, path] = /^ExperimentRun\/dcid\.([^/]+)\/(.+)$/.exec(blob) ?? [];
  if (!run || !path) throw new MalachiteError('NotFound', 'The specified blob does not exist.');
  return { run, path };
}

type Blob = { readonly name: string; readonly sizeBytes: number };

async function blobsBelow(runFiles: RunFiles, prefix: string): Promise<Blob[]> {
  const [, run] = /^ExperimentRun\/dcid\.([^/]+)(?:\/|$)/.exec(prefix) ?? [];
  if (!run) return [];
  const files = await runFiles.of(run).catch(missing);
  return (files ?? [])
    .map(({ path, sizeBytes }) => ({ name: artifactPath(run, path), sizeBytes }))
    .filter(({ name }) => name.startsWith(prefix));
}

function listing(blobs: readonly Blob[], prefix: string): string {
  const entries = blobs.map(
    ({ name, sizeBytes }) =>
      `<Blob><Name>${xml(name)}</Name><Properties><Last-Modified>${epoch}</Last-Modified><Etag>${etag(sizeBytes)}</Etag>` +
      `<Content-Length>${sizeBytes}</Content-Length><Content-Type>application/octet-stream</Content-Type><BlobType>BlockBlob</BlobType>` +
      '</Properties><Metadata/></Blob>',
  );
  return (
    `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${artifactContainer}"><Prefix>${xml(prefix)}</Prefix>` +
    `<Blobs>${entries.join('')}</Blobs><NextMarker/></EnumerationResults>`
  );
}

/** Artifacts do not change once they are there. */
const epoch = new Date(0).toUTCString();
const etag = (sizeBytes: number): string => `"0x${sizeBytes.toString(16)}"`;

function sendBlob(request: FastifyRequest, reply: FastifyReply, size: number, content: AsyncIterable<Uint8Array>): FastifyReply {
  const asked = request.headers['x-ms-range'] ?? request.headers.range;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(typeof asked === 'string' ? asked : '') ?? [];
  const first = Number(from ?? 0);
  const last = to ? Math.min(Number(to), size - 1) : size - 1;
  if (from !== undefined && first >= size) {
    return reply.code(416).header('content-range', `bytes */${size}`).header('x-ms-error-code', 'InvalidRange').send();
  }
  reply
    .code(from === undefined ? 200 : 206)
    .type('application/octet-stream')
    .header('content-length', Math.max(0, last - first + 1))
    .header('accept-ranges', 'bytes')
    .header('etag', etag(size))
    .header('last-modified', epoch)
    .header('x-ms-blob-type', 'BlockBlob')
    .header('x-ms-version', '2023-11-03');
  if (from !== undefined) reply.header('content-range', `bytes ${first}-${last}/${size}`);
  return reply.send(request.method === 'HEAD' ? '' : Readable.from(slice(content, first, last + 1)));
}

async function* slice(content: AsyncIterable<Uint8Array>, begin: number, end: number): AsyncIterable<Uint8Array> {
  let at = 0;
  for await (const chunk of content) {
    const part = chunk.subarray(Math.max(0, begin - at), Math.max(0, end - at));
    if (part.length > 0) yield part;
    at += chunk.length;
    if (at >= end) return;
  }
}

const codes: Readonly<Record<string, string>> = { NotFound: 'BlobNotFound', Unauthorized: 'AuthenticationFailed' };

function sendStorageError(thrown: unknown, reply: FastifyReply): FastifyReply {
  const error = thrown instanceof MalachiteError ? thrown : new MalachiteError('Failed', 'The blob could not be read.');
  const status = error.code === 'Unauthorized' ? 403 : error.status;
  const code = codes[error.code] ?? 'InternalError';
  return reply
    .code(status)
    .header('x-ms-error-code', code)
    .type('application/xml')
    .send(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${xml(error.message)}</Message></Error>`);
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
