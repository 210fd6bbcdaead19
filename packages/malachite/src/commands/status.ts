/** What runs, and what is in the workspace. */
import type { Command } from '../cli/command.ts';
import { homeFolder, readServerRecord } from '../server-record.ts';

export const status: Command = {
  name: 'status',
  describe: 'Show the server and what is in the workspace.',
  options: [],
  example: 'malachite status',
  async run({ env, workspace }) {
    const { name, datasets, compute, training, models, deployment, pipelines, supports } = await workspace();
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
    return {
      workspace: name,
      ...(env.MALACHITE_ENDPOINT ? { url: env.MALACHITE_ENDPOINT } : { home, ...record }),
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
