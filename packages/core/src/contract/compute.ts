import { equal, ok, refused } from './assertions.ts';
import type { Runner } from './harness.ts';
import type { Scene } from './scene.ts';

export function computeContract({ it }: Runner, scene: Scene): void {
  it("have Azure's defaults, are ready at once and run nothing", async () => {
    const created = await scene.workspace.compute.create({ name: 'contract-new', tags: { team: 'a' } });
    const { createdAt: _, ...rest } = created;
    equal(rest, {
      name: 'contract-new',
      type: 'amlcompute',
      size: 'Standard_DS3_v2',
      tier: 'dedicated',
      minInstances: 0,
      maxInstances: 4,
      idleTimeBeforeScaleDown: 120,
      tags: { team: 'a' },
      provisioningState: 'Succeeded',
      allocationState: 'Steady',
      runningNodeCount: 0,
      idleNodeCount: 0,
    });
    equal(await scene.workspace.compute.get({ name: 'contract-new' }), created);
  });

  it('are updated by a second creation, as on Azure; the case of a size does not matter', async () => {
    const { compute } = scene.workspace;
    await compute.create({ name: 'contract-cpu', maxInstances: 2 });
    equal((await compute.create({ name: 'contract-cpu', maxInstances: 3 })).maxInstances, 3);
    const { size } = await compute.create({ name: 'contract-cpu', size: 'STANDARD_DS3_v2', maxInstances: 3 });
    equal(size.toLowerCase(), 'standard_ds3_v2');
    equal((await compute.list({})).filter(({ name }) => name === 'contract-cpu').length, 1, 'The clusters of that name');
  });

  it('change in what an update gives and in nothing else', async () => {
    const { compute } = scene.workspace;
    const before = await compute.create({ name: 'contract-cpu', maxInstances: 2, minInstances: 1 });
    const updated = await compute.update({ name: 'contract-cpu', maxInstances: 1 });
    equal([updated.maxInstances, updated.minInstances, updated.size], [1, 1, before.size]);
    equal(await compute.get({ name: 'contract-cpu' }), updated);
    await refused(compute.update({ name: 'contract-absent', maxInstances: 1 }), 'NotFound', 'contract-absent');
  });

  it('refuse names and sizes that Azure refuses', async () => {
    const { compute } = scene.workspace;
    await refused(compute.create({ name: '1st' }), 'InvalidInput', 'name');
    await refused(compute.create({ name: 'a-name-of-more-than-24-characters' }), 'InvalidInput', 'name');
    await refused(compute.create({ name: 'contract-bad', maxInstances: 0 }), 'InvalidInput', 'maxInstances');
  });

  it('are gone once deleted', async () => {
    const { compute } = scene.workspace;
    await compute.create({ name: 'contract-gone' });
    await compute.delete({ name: 'contract-gone' });
    await refused(compute.get({ name: 'contract-gone' }), 'NotFound', 'contract-gone');
    await refused(compute.delete({ name: 'contract-gone' }), 'NotFound', 'contract-gone');
    ok(!(await compute.list({})).some(({ name }) => name === 'contract-gone'), 'A deleted cluster is listed.');
  });
}
