/** The server of a workspace, in the foreground or behind it. */
import { once } from 'node:events';
import { MalachiteError, type Workspace } from '@malachite/core';
import type { Command, Context } from '../cli/command.ts';
import { homeFolder, runningServer, type ServerRecord, startingServer } from '../server-record.ts';
import { serveDetached } from '../serving/detached.ts';
import type { Served } from '../serving/serve-workspace.ts';
import { sampleData } from '../walkthrough/data-source.ts';
import { tellStory } from '../walkthrough/story.ts';
import { summaryText } from '../walkthrough/summary.ts';
import { playWalkthrough } from '../walkthrough/walkthrough.ts';

/** Of the walk-through's AutoML run: about twenty seconds. */
export const walkthroughMinutes = 1 / 3;

export const up: Command = {
  name: 'up',
  describe: "Start the workspace's server; the first time, play the walk-through.",
  options: [
    { flags: '--port <port>', describe: 'Where it listens; 0 takes a free one. Default 10100.' },
    { flags: '--host <address>', describe: 'Default 127.0.0.1. Any other needs --api-key.' },
    { flags: '--api-key <key>', describe: 'The bearer key that the API asks for.' },
    { flags: '--azure-port <port>', describe: "Where Azure's own clients find the workspace. Default 10143, or a free one." },
    { flags: '--detach', describe: 'Start it in the background and return.' },
    { flags: '--empty', describe: 'No walk-through.' },
  ],
  example: 'malachite up --detach',
  handlesInterrupt: true,
  async run(context) {
    const { flags, env, signal, print, note, warn } = context;
    const home = homeFolder(env);
    if (env.MALACHITE_BACKEND === 'azure') {
      warn('MALACHITE_BACKEND is azure: other commands with this environment go to Azure, not to this server.');
    }
    const already = (server: ServerRecord): ServerRecord => {
      const asked = flags.integer('port', { min: 0, max: 65_535 });
      const unused = asked && asked !== Number(new URL(server.url).port);
      note(
        `A server runs for ${home} already, at ${server.url}.${unused ? ` Port ${asked} is not used; "malachite down" ends it.` : ''}`,
      );
      return server;
    };
    const running = await runningServer(home);
    if (running) return already(running);
    const listen = {
      port: flags.integer('port', { min: 0, max: 65_535 }) ?? 10_100,
      host: flags.text('host') ?? '127.0.0.1',
      apiKey: flags.text('api-key'),
      azurePort: flags.integer('azure-port', { min: 0, max: 65_535 }),
    };
    let served: Served;
    try {
      if (flags.is('detach')) return await serveDetached(home, env, listen);
      // The server and the local adapter are loaded only here: other commands start without them.
      const { serveWorkspace } = await import('../serving/serve-workspace.ts');
      served = await serveWorkspace({ home, ...listen, verbose: flags.is('verbose') });
    } catch (error) {
      // Another "up" was faster by a moment, and has the home or the port.
      const other = error instanceof MalachiteError && error.code === 'Conflict' ? await startingServer(home) : undefined;
      if (other) return already(other);
      throw error;
    }
    try {
      if (!signal.aborted) await Promise.race([served.workspace.restored, once(signal, 'abort')]);
      print(`READY ${served.url}`);
      note(`API ${served.url}/api/v1, Swagger UI ${served.url}/docs, workspace ${home}. Ctrl-C ends it.`);
      if (!signal.aborted) await Promise.race([walk(context, served.workspace, served.url), once(signal, 'abort')]);
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      note('Ending …');
      await served.close();
    }
  },
};

/** The walk-through, when nothing is there yet; otherwise what there is. A walk-through that fails leaves the server up. */
async function walk({ flags, note, print, terminal, signal }: Context, workspace: Workspace, url: string): Promise<void> {
  if (flags.is('empty')) return;
  if (!(await isEmpty(workspace))) {
    for (const { name, scoringUri } of await workspace.deployment.listEndpoints({})) note(`Endpoint ${name}: ${scoringUri}`);
    note('The workspace is as it was. "malachite status" counts what is there, "malachite quickstart" plays the walk-through.');
    return;
  }
  note('\nThe workspace is empty: here is the whole of it, once. (--empty leaves this out.)\n');
  const story = tellStory({ write: (text) => process.stderr.write(text), terminal, signal });
  try {
    const played = await playWalkthrough({ workspace, source: sampleData(), story, timeoutMinutes: walkthroughMinutes });
    note(`\nFrom the command to the scored rows: ${played.secondsToScore.toFixed(1)} s.\n`);
    print(summaryText(played, url));
  } catch (error) {
    if (!signal.aborted) note(`The walk-through stopped: ${(error as Error).message}`);
  }
}

async function isEmpty({ datasets, training, models }: Workspace): Promise<boolean> {
  const [data, jobs, registered] = await Promise.all([
    datasets.list({ includeArchived: true }),
    training.list({}),
    models.list({}),
  ]);
  return data.length + jobs.length + registered.length === 0;
}
