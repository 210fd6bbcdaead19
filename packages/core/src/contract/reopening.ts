import { collect, equal } from './assertions.ts';
import { twoCustomers } from './bank.ts';
import type { Runner } from './harness.ts';
import { labelsIn, type Scene } from './scene.ts';

/** What was acknowledged is there when the workspace is opened again. */
export function reopeningContract({ it }: Runner, scene: Scene, reopen: () => Promise<void>): void {
  it('finds everything as it was, and nothing is trained twice', async () => {
    await scene.endpoint();
    const { events, job } = await scene.trained();
    const look = async () => {
      const { datasets, compute, training, models, deployment, pipelines } = scene.workspace;
      return {
        datasets: await datasets.list({ includeArchived: true }),
        ...(scene.workspace.supports.schema && { preview: await datasets.preview({ name: 'contract-bank' }) }),
        compute: await compute.list({}),
        jobs: await training.list({}),
        result: await training.result({ name: job.name }),
        models: await models.list({ includeArchived: true }),
        endpoint: await deployment.getEndpoint({ name: 'contract-bank' }),
        deployments: await deployment.listDeployments({ name: 'contract-bank' }),
        keys: await deployment.keys({ name: 'contract-bank' }),
        ...(scene.workspace.supports.pipelines && {
          pipelines: await pipelines.list(),
          runs: await pipelines.runs({}),
        }),
        ...(scene.workspace.supports.dataTriggers && { schedules: await pipelines.listSchedules() }),
      };
    };
    const before = await look();
    await reopen();
    const after = await look();
    for (const [what, was] of Object.entries(before)) equal(after[what as keyof typeof after], was, `After reopening, ${what}`);
    if (scene.workspace.supports.events)
      equal(await collect(scene.workspace.training.events({ name: job.name })), events, 'The events of a job');
  });

  it('answers at its endpoints again', async () => {
    await scene.endpoint();
    const { deployment } = scene.workspace;
    const answer = await scene.eventually('An answer', async () => {
      const { status, body } = await deployment.invoke({ name: 'contract-bank', body: twoCustomers });
      return status === 200 ? { status, body } : undefined;
    });
    equal(labelsIn(answer), ['yes', 'no']);
  });
}
