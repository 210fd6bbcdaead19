/** Recorded answers of Azure's own inference server, asked again of ours: what differs, by status, header and body. */
import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { MalachiteError } from '@malachite/core';
import { loadModel, startScoringServer } from '@malachite/scoring';
import { type Difference, differences } from './differences.ts';
import type { Outcome, RecordedCall } from './recorded-calls.ts';

type Exchange = {
  readonly request: {
    readonly name: string;
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: Outcome & { readonly headers: Readonly<Record<string, string>>; readonly body: string };
};

export type Replay = { readonly recording: string; readonly requests: number; readonly differences: readonly Difference[] };

/**
 * @param folder With `automl-v1.json` and `automl-v2.json`: lists of `{request, response}`.
 * @param model The ONNX file that answered them.
 * @throws MalachiteError `InvalidInput` when there is no recording.
 */
export async function replayRecordings(folder: string, model: string): Promise<Replay[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => /^automl-v[12]\.json$/.test(name));
  if (files.length === 0)
    throw new MalachiteError('InvalidInput', `There is no automl-v1.json and no automl-v2.json in "${folder}".`);
  const deployments = [{ name: 'default', model: await loadModel(await readFile(model)), traffic: 100 }];
  const replays: Replay[] = [];
  for (const file of files) {
    const form = file.includes('v2') ? 'v2' : 'v1';
    const server = await startScoringServer({ port: 0, keys: null, deployments, form });
    try {
      const exchanges = JSON.parse(await readFile(join(folder, file), 'utf8'), asWritten) as Exchange[];
      const [theirs, ours]: [RecordedCall[], RecordedCall[]] = [[], []];
      for (const { request, response } of exchanges) {
        const call = { during: request.name, operation: `${request.method} ${request.path}`, input: request };
        theirs.push({ ...call, outcome: comparable(response) });
        ours.push({ ...call, outcome: comparable(await send(server.port, request)) });
      }
      replays.push({ recording: file, requests: exchanges.length, differences: differences(theirs, ours) });
    } finally {
      await server.close();
    }
  }
  return replays;
}

/** Numbers too large for one here are sent on with the digits they had. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
const asWritten = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? rawJSON(context?.source ?? '') : value;

/** As it was sent, with no header of a client's own. */
function send(port: number, { method, path, headers, body }: Exchange['request']): Promise<Exchange['response']> {
  const bytes = body == null ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const length = bytes && { 'Content-Length': String(bytes.length) };
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answered = response.headers as Record<string, string>;
        resolve({ status: response.statusCode ?? 0, headers: answered, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject).end(bytes);
  });
}

/** The body as the JSON that it is, so that a field can be named. */
const comparable = ({ status, headers, body }: Exchange['response']): Outcome => ({ status, headers, body: parsed(body) });

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Version 1 answers JSON in a JSON text.
    return typeof value === 'string' ? parsed(value) : value;
  } catch {
    return text;
  }
}
