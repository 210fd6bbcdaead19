/** A server that goes on after the command that started it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '@malachite/adapter-local/folders';
import { MalachiteError } from '@malachite/core';
import { readServerRecord, type ServerRecord } from '../server-record.ts';
import { listenPort } from './listen-port.ts';
import type { Listen } from './serve-workspace.ts';

const bin = fileURLToPath(new URL('../../bin/malachite.js', import.meta.url));

/**
 * Starts `malachite up --empty` in a process of its own and answers when it is ready. Its output is in
 * `logs/server-output.log` of the home.
 *
 * @throws Failed with the last line of that when it ends instead; Conflict when the port is taken, or another server serves the home
 */
export async function serveDetached(
  home: string,
  env: NodeJS.ProcessEnv,
  { host, port, apiKey, azurePort }: Listen,
): Promise<ServerRecord> {
  await listenPort({ host, port });
  makeFolder(join(home, 'logs'));
  const logFile = join(home, 'logs', 'server-output.log');
  const output = await open(logFile, 'w');
  const azure = azurePort === undefined ? [] : ['--azure-port', String(azurePort)];
  const child = spawn(process.execPath, [bin, 'up', '--empty', '--host', host, '--port', String(port), ...azure], {
    detached: true,
    env: { ...env, MALACHITE_HOME: home, MALACHITE_DETACH: '', ...(apiKey ? { MALACHITE_API_KEY: apiKey } : {}) },
    stdio: ['ignore', 'pipe', output.fd],
  });
  await output.close();
  const stdout = child.stdout as Readable;
  const ready = once(stdout, 'data').then((chunks) => String(chunks).includes('READY'));
  const ended = once(child, 'exit');
  if (!(await Promise.race([ready, ended.then(() => false)]))) {
    const [code] = await ended;
    // It ends so when it finds another server.
    if (code === 0) throw new MalachiteError('Conflict', `A server runs for ${home} already.`);
    const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
    const reason = lines.findLast((line) => line.startsWith('error: ')) ?? lines.at(-1);
    throw new MalachiteError('Failed', `The server did not start: ${reason?.replace(/^error: \w+: /, '') || `see ${logFile}`}`);
  }
  stdout.destroy();
  child.unref();
  const record = await readServerRecord(home);
  if (record === undefined) throw new MalachiteError('Failed', `The server started and left no record; see ${logFile}.`);
  return record;
}
