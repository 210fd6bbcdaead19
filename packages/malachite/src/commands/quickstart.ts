/** The walk-through against the running server. */
import { join } from 'node:path';
import type { Command } from '../cli/command.ts';
import { homeFolder, readServerRecord } from '../server-record.ts';
import { dataSource } from '../walkthrough/data-source.ts';
import { tellStory } from '../walkthrough/story.ts';
import { summaryData, summaryText } from '../walkthrough/summary.ts';
import { playWalkthrough, type Walkthrough } from '../walkthrough/walkthrough.ts';
import { walkthroughMinutes } from './up.ts';

type Played = { readonly walkthrough: Walkthrough; readonly url: string };

export const quickstart: Command = {
  name: 'quickstart',
  describe: 'Play the walk-through: data, AutoML, endpoint, request, log, pipeline.',
  options: [
    {
      flags: '--data <data>',
      describe: 'A file, or bank-marketing (downloads the public data). Default: the synthetic table that comes along.',
    },
    { flags: '--target <column>', describe: 'What to predict. Default: the last column.' },
    { flags: '--timeout-minutes <minutes>', describe: 'Of the AutoML run. Default: twenty seconds.' },
  ],
  example: 'malachite quickstart --data bank-marketing',
  text: ({ walkthrough, url }: Played) => summaryText(walkthrough, url),
  data: ({ walkthrough, url }: Played) => summaryData(walkthrough, url),
  async run(context): Promise<Played> {
    const { flags, env, terminal } = context;
    const workspace = await context.workspace();
    const home = homeFolder(env);
    const source = await dataSource(flags.text('data'), flags.text('target'), join(home, 'downloads'));
    const story = tellStory({ write: (text) => process.stderr.write(text), terminal });
    const timeoutMinutes = flags.number('timeout-minutes', { min: 0.01 }) ?? walkthroughMinutes;
    const url = env.MALACHITE_ENDPOINT ?? (await readServerRecord(home))?.url ?? '';
    return { walkthrough: await playWalkthrough({ workspace, source, story, timeoutMinutes }), url };
  },
};
