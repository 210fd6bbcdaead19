/** Ends the server of a workspace. */
import { setTimeout as wait } from 'node:timers/promises';
import { MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { homeFolder, isAlive, runningServer } from '../server-record.ts';

/** Milliseconds a server has to end its processes. */
const patience = 30_000;

export const down: Command = {
  name: 'down',
  describe: 'End the server and every process it started; the workspace stays.',
  options: [],
  example: 'malachite down',
  async run({ env, note }) {
    const server = await runningServer(homeFolder(env));
    if (server === undefined) {
      note(`No server runs for ${homeFolder(env)}.`);
      return { stopped: false };
    }
    process.kill(server.pid, 'SIGTERM');
    const deadline = performance.now() + patience;
    while (isAlive(server.pid)) {
      if (performance.now() > deadline)
        throw new MalachiteError('Timeout', `The server (process ${server.pid}) has not ended after ${patience / 1000} s.`);
      await wait(50);
    }
    return { stopped: true, url: server.url, pid: server.pid };
  },
};
