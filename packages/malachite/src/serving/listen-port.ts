/** The port that a server is going to listen on. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { MalachiteError } from '@malachite/core';

/**
 * Tries the port before anything is made for the server, and settles which one a 0 stands for: the address of published
 * pipelines is part of the workspace, so it must be known before the server listens.
 *
 * @throws Conflict when somebody listens there, InvalidInput when this machine has no such address or port to give
 */
export async function listenPort({ host, port }: { readonly host: string; readonly port: number }): Promise<number> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new MalachiteError('Conflict', `Port ${port} of ${host} is taken. Choose another with --port or MALACHITE_PORT.`);
    }
    throw new MalachiteError('InvalidInput', `Nothing can listen on port ${port} of "${host}": ${message}.`, { cause: thrown });
  }
  const { port: bound } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return bound;
}
