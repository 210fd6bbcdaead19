/**
 * A port for an endpoint to keep. It is taken from below the range that operating systems give to outgoing connections
 * (from 32768 on Linux, from 49152 elsewhere), so that no passing connection sits on it when the endpoint comes back.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { MalachiteError } from '@malachite/core';

const first = 20_000;
const last = 32_767;
const tries = 100;

/** A port of the loopback address on which nobody listens now. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < tries; i++) {
    const port = randomInt(first, last + 1);
    if (await isFree(port)) return port;
  }
  throw new MalachiteError('Unavailable', `None of ${tries} ports between ${first} and ${last} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
