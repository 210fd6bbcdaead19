/** What runs, and what is in the workspace. */
import { readFile } from 'node:fs/promises';
import { MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { repositoryFile } from '../repository-file.ts';
import { homeFolder, readServerRecord } from '../server-record.ts';

export const status: Command = {
  name: 'status',
  describe: 'Show the server and what is in the workspace.',
  options: [{ flags: '--coverage', describe: "Print what of Azure Machine Learning's own clients works here, and what not." }],
  example: 'malachite status',
  async run({ flags, env, workspace, print }) {
    if (flags.is('coverage')) return print(await coveragePage());
    const { name, backend, datasets, compute, training, models, deployment, pipelines, supports } = await workspace();
    const home = homeFolder(env);
    const [data, clusters, jobs, registered, endpoints, published] = await Promise.all([
      datasets.list({}),
      compute.list({}),
      training.list({}),
      models.list({}),
      deployment.listEndpoints({}),
      supports.pipelines ? pipelines.list() : [],
    ]);
    const record = env.MALACHITE_ENDPOINT ? undefined : await readServerRecord(home);
    const server = env.MALACHITE_ENDPOINT ? { url: env.MALACHITE_ENDPOINT } : { home, ...record };
    return {
      workspace: name,
      ...(backend === 'azure' ? { backend } : server),
      datasets: data.length,
      compute: clusters.length,
      jobs: jobs.length,
      runningJobs: jobs.filter((job) => job.status === 'Running').length,
      models: registered.length,
      endpoints: endpoints.length,
      publishedPipelines: published.length,
    };
  },
};

/** Made by `npm run docs:coverage`. */
async function coveragePage(): Promise<string> {
  return readFile(repositoryFile('docs/coverage.md'), 'utf8').catch(() => {
    throw new MalachiteError(
      'NotFound',
      'The page is docs/coverage.md of the Malachite repository; it is not in this installation.',
    );
  });
}
