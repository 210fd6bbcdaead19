/** Which deployment answers. */
import { settledDeployment } from '../../deployment.ts';
import { equal, refused } from '../assertions.ts';
import { twoCustomers } from '../bank.ts';
import type { Runner } from '../harness.ts';
import { labelsIn, type Scene, score } from '../scene.ts';

export function trafficContract(test: Runner, scene: Scene): void {
  const { describe, it } = test;

  describe('traffic', () => {
    it('goes to deployments that are there, and sums to 0 or 100', async () => {
      await scene.endpoint();
      const { deployment } = scene.workspace;
      const set = (traffic: Record<string, number>) => deployment.updateEndpoint({ name: 'contract-bank', traffic });
      await refused(set({ absent: 100 }), 'InvalidInput', 'absent');
      await refused(set({ blue: 50 }), 'InvalidInput', '50');
      await refused(set({ blue: 101 }), 'InvalidInput');
      equal((await deployment.getEndpoint({ name: 'contract-bank' })).traffic, { blue: 100 }, 'The traffic afterwards');
    });

    it('is mirrored to one deployment that has none of its own, at most by half', async () => {
      const { scoringUri } = await scene.endpoint();
      const { name, version } = await scene.model();
      const { deployment } = scene.workspace;
      const { primaryKey } = await deployment.keys({ name: 'contract-bank' });
      const shadow = { endpointName: 'contract-bank', name: 'shadow' };
      await deployment.createDeployment({ ...shadow, model: `azureml:${name}:${version}` });
      await settledDeployment(deployment, shadow);
      const set = (mirrorTraffic: Record<string, number>) => deployment.updateEndpoint({ name: 'contract-bank', mirrorTraffic });
      await refused(set({ absent: 10 }), 'InvalidInput', 'absent');
      await refused(set({ blue: 10 }), 'InvalidInput', 'blue');
      await refused(set({ shadow: 51 }), 'InvalidInput');
      equal((await set({ shadow: 50 })).mirrorTraffic, { shadow: 50 });
      equal(labelsIn(await score(scene.send, scoringUri, primaryKey, twoCustomers)), ['yes', 'no']);
      await deployment.deleteDeployment(shadow);
      equal((await deployment.getEndpoint({ name: 'contract-bank' })).mirrorTraffic, {}, 'The mirror traffic afterwards');
    });
  });
}
