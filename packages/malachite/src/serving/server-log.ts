/** `logs/server.log` in a home: what the server tells, appended. */
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, reasonOf } from '@malachite/adapter-local/folders';
import { MalachiteError } from '@malachite/core';
import { type Logger, pino } from 'pino';

export type ServerLog = { readonly log: Logger; flush(): void };

/** @throws Failed naming the file and the reason when it cannot be written */
export function openServerLog(home: string, { verbose }: { verbose: boolean }): ServerLog {
  makeFolder(join(home, 'logs'));
  // pino flushes when the process ends, and throws when the file is not open by then: so it is given an open one.
  const destination = pino.destination({ dest: openToAppend(join(home, 'logs', 'server.log')), sync: false });
  // A disk that is full later must not end the server.
  destination.on('error', () => undefined);
  return {
    log: pino({ level: verbose ? 'debug' : 'info' }, destination),
    flush: () => destination.flushSync(),
  };
}

function openToAppend(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (error) {
    throw new MalachiteError('Failed', `"${file}" cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}
