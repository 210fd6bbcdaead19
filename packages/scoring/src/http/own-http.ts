/** Requests and answers of scoring scripts, which speak HTTP themselves. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { MalachiteError } from '@malachite/core/errors';
import type { HttpAnswer, HttpRequest } from '../call.ts';
import type { ScoringRequest } from './exchange.ts';
import { scoringHeaders } from './wire.ts';

/** @param isOpen no key was asked for; where one was, the script does not see it: it belongs into no script's log */
export function httpRequestOf({ raw }: ScoringRequest, isOpen: boolean): HttpRequest {
  const { rawHeaders, method = '', url = '' } = raw;
  const [path = '', ...query] = url.split('?');
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (isOpen || name.toLowerCase() !== 'authorization') headers.push([name, rawHeaders[i + 1] as string]);
  }
  return { method, path, query: query.join('?'), headers };
}

/** Headers that are the server's own, whatever a script says. */
const ofTheServer = new Set(['content-length', 'connection', 'keep-alive', 'transfer-encoding', 'date', 'server', 'upgrade']);

/** The headers of a script's answer, as name and value in turn. @throws Failed for what cannot be sent */
export function httpAnswerHeaders({ ids }: ScoringRequest, { headers, failed, status }: HttpAnswer): string[] {
  const [, , ...own] = scoringHeaders(ids, failed);
  const ownNames = new Set(own.filter((_, index) => index % 2 === 0));
  const theirs = headers.filter(([name]) => !ofTheServer.has(name.toLowerCase()) && !ownNames.has(name.toLowerCase()));
  try {
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error(`The status ${status} is none.`);
    for (const [name, value] of theirs) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch (cause) {
    throw new MalachiteError('Failed', `The script's answer cannot be sent: ${(cause as Error).message}`, { cause });
  }
  return [...theirs.flat(), ...own];
}
