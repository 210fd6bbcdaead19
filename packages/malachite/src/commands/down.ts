/** Ends the server of a workspace. */
import { setTimeout as wait } from 'node:timers/promises';
import { homeOwner, isRunning } from '@malachite/adapter-local/home-owner';
import { MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { homeFolder, runningServer } from '../server-record.ts';

/** Milliseconds a server has to end its processes. */
const patience = 30_000;

export const down: Command = {
  name: 'down',
  describe: 'End the server and every process it started; the workspace stays.',
  options: [],
  example: 'malachite down',
  async run({ env, note }) {
    const home = homeFolder(env);
    const owner = homeOwner(home);
    const server = await runningServer(home);
    if (server === undefined || owner === undefined) {
      note(`No server runs for ${home}.`);
      return { stopped: false };
    }
    process.kill(server.pid, 'SIGTERM');
    const deadline = performance.now() + patience;
    while (isRunning(owner)) {
      if (performance.now() > deadline)
        throw new MalachiteError('Timeout', `The server (process ${server.pid}) has not ended after ${patience / 1000} s.`);
      await wait(50);
    }
    return { stopped: true, url: server.url, pid: server.pid };
  },
};
