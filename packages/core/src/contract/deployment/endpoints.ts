/** Endpoints: addresses with keys. */
import { equal, ok, refused } from '../assertions.ts';
import { twoCustomers } from '../bank.ts';
import type { Runner } from '../harness.ts';
import { type Scene, score } from '../scene.ts';

export function endpointsContract(test: Runner, scene: Scene): void {
  const { describe, it } = test;

  describe('an endpoint', () => {
    it('has two keys and no deployment at first, and answers 404 until one has traffic', async () => {
      const { deployment } = scene.workspace;
      const endpoint = await deployment.createEndpoint({ name: 'contract-empty', description: 'Nothing yet.' });
      equal([endpoint.authMode, endpoint.traffic, endpoint.provisioningState], ['key', {}, 'Succeeded']);
      equal(await deployment.getEndpoint({ name: 'contract-empty' }), endpoint);
      equal(await deployment.listDeployments({ name: 'contract-empty' }), []);
      const { primaryKey, secondaryKey } = await deployment.keys({ name: 'contract-empty' });
      ok(
        primaryKey.length >= 32 && secondaryKey.length >= 32 && primaryKey !== secondaryKey,
        'Two keys of 32 characters or more.',
      );
      equal(
        (await score(scene.send, endpoint.scoringUri, primaryKey, twoCustomers)).status,
        404,
        'The status without a deployment',
      );
    });

    it('is gone, and its scoring URI with it, once deleted', async () => {
      const { deployment } = scene.workspace;
      const { name, scoringUri } = await deployment.createEndpoint({ name: 'contract-gone' });
      const { primaryKey } = await deployment.keys({ name });
      await deployment.deleteEndpoint({ name });
      await refused(deployment.getEndpoint({ name }), 'NotFound', name);
      await refused(deployment.deleteEndpoint({ name }), 'NotFound', name);
      const answer = await score(scene.send, scoringUri, primaryKey, twoCustomers).catch(() => undefined);
      ok(answer === undefined || answer.status >= 400, `A deleted endpoint answers ${answer?.status}.`);
    });

    it('has a name that a host may have', async () => {
      const { deployment } = scene.workspace;
      for (const name of ['ab', '1st-endpoint', 'under_score', 'ends-with-']) {
        await refused(deployment.createEndpoint({ name }), 'InvalidInput', 'name');
      }
      await refused(deployment.getEndpoint({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
      await refused(deployment.keys({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    });
  });
}
