/** The recorded exchanges of the real inference server, and how ours are compared with them. */
import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { ScoringServer } from './server.ts';

export const shared = new URL('../../../../shared/', import.meta.url);
export const present = existsSync(new URL('recordings/automl-v1.json', shared));

export interface Exchange {
  request: { name: string; method: string; path: string; headers: Record<string, string>; body?: unknown };
  response: { status: number; headers: Record<string, string>; body: string };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Numbers too large for one here are sent on with the digits they had. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

export function recorded(file: string): Exchange[] {
  const text = readFileSync(new URL(`recordings/${file}.json`, shared), 'utf8');
  return JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? rawJSON(context?.source ?? '') : value,
  ) as Exchange[];
}

/** As the recorder sent it: no header of its own but Host and, with a body, Content-Length. */
export function send(server: ScoringServer, { method, path, headers, body }: Exchange['request']): Promise<Answer> {
  const bytes =
    body === undefined || body === null ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const length = bytes === undefined ? {} : { 'Content-Length': String(bytes.length) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port: server.port, host: '127.0.0.1', method, path, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    request.on('error', reject);
    request.end(bytes);
  });
}

/** Headers whose value is made anew for each answer, or that name the product: only their presence is compared. */
const shapeOnly = new Set(['x-ms-run-fn-exec-ms', 'x-ms-server-version']);
const ofTheConnection = new Set(['date', 'server', 'connection', 'content-length', 'keep-alive', 'transfer-encoding']);
/** Ours alone: the gateway names the deployment that answered. */
const added = new Set(['azureml-model-deployment']);

export function headerFault(exchange: Exchange, ours: Answer): string | undefined {
  const theirs = exchange.response.headers;
  const names = new Set([...Object.keys(theirs), ...Object.keys(ours.headers)]);
  for (const name of names) {
    if (ofTheConnection.has(name) || added.has(name)) continue;
    const expected = theirs[name];
    const actual = ours.headers[name];
    if ((expected === undefined) !== (actual === undefined)) return `header ${name}: ${expected} | ${actual}`;
    const isNewId = name.endsWith('-id') && /^[0-9a-f-]{36}$/.test(String(expected)) && /^[0-9a-f-]{36}$/.test(String(actual));
    if (!shapeOnly.has(name) && !isNewId && expected !== actual) return `header ${name}: ${expected} | ${actual}`;
  }
  return undefined;
}
