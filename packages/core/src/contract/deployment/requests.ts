/** What a caller of an endpoint meets. */
import { settledDeployment } from '../../deployment.ts';
import type { Supports } from '../../workspace.ts';
import { equal, ok, refused } from '../assertions.ts';
import { twoCustomers } from '../bank.ts';
import { type Runner, where } from '../harness.ts';
import { labelsIn, type Scene, score } from '../scene.ts';

export function requestsContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it } = test;

  describe('a request', () => {
    it('of two rows is answered with two labels, as the data taught', async () => {
      const { scoringUri } = await scene.endpoint();
      const { primaryKey } = await scene.workspace.deployment.keys({ name: 'contract-bank' });
      equal(labelsIn(await score(scene.send, scoringUri, primaryKey, twoCustomers)), ['yes', 'no'], 'The labels');
    });

    it('needs a key: either of the two, and no other', async () => {
      const { scoringUri } = await scene.endpoint();
      const { primaryKey, secondaryKey } = await scene.workspace.deployment.keys({ name: 'contract-bank' });
      const status = async (key: string | undefined) => (await score(scene.send, scoringUri, key, twoCustomers)).status;
      equal([await status(undefined), await status('wrong'), await status(`${primaryKey}x`)], [401, 401, 401]);
      equal([await status(primaryKey), await status(secondaryKey)], [200, 200]);
    });

    where(
      test,
      supports.anonymous,
      'anonymous',
    )('needs none where the endpoint asks for none', async () => {
      const { name, version } = await scene.model();
      const { deployment } = scene.workspace;
      const { scoringUri } = await deployment.createEndpoint({ name: 'contract-open', authMode: 'none' });
      const blue = { endpointName: 'contract-open', name: 'blue' };
      await deployment.createDeployment({ ...blue, model: `azureml:${name}:${version}` });
      await settledDeployment(deployment, blue);
      await deployment.updateEndpoint({ name: 'contract-open', traffic: { blue: 100 } });
      equal(labelsIn(await score(scene.send, scoringUri, undefined, twoCustomers)), ['yes', 'no']);
      await deployment.deleteEndpoint({ name: 'contract-open' });
    });

    it('with a key that was replaced is refused; the other key goes on working', async () => {
      const { scoringUri } = await scene.endpoint();
      const { deployment } = scene.workspace;
      const status = async (key: string) => (await score(scene.send, scoringUri, key, twoCustomers)).status;
      for (const [keyType, kept] of [
        ['primary', 'secondaryKey'],
        ['secondary', 'primaryKey'],
      ] as const) {
        const before = await deployment.keys({ name: 'contract-bank' });
        const after = await deployment.regenerateKey({ name: 'contract-bank', keyType });
        equal(after[kept], before[kept], 'The key that was not replaced');
        equal(await deployment.keys({ name: 'contract-bank' }), after);
        equal(
          [await status(before[`${keyType}Key`]), await status(after[`${keyType}Key`]), await status(after[kept])],
          [401, 200, 200],
        );
      }
    });

    it('needs a token where the endpoint is of tokens: its own, and no key', async () => {
      const { name, version } = await scene.model();
      const { deployment } = scene.workspace;
      const { scoringUri, authMode } = await deployment.createEndpoint({ name: 'contract-token', authMode: 'aml_token' });
      equal(authMode, 'aml_token', 'The auth mode');
      const blue = { endpointName: 'contract-token', name: 'blue' };
      await deployment.createDeployment({ ...blue, model: `azureml:${name}:${version}` });
      await settledDeployment(deployment, blue);
      await deployment.updateEndpoint({ name: 'contract-token', traffic: { blue: 100 } });
      const { accessToken, expiryTimeUtc, refreshAfterTimeUtc, tokenType } = await deployment.token({ name: 'contract-token' });
      const now = Date.now() / 1000;
      ok(now < refreshAfterTimeUtc && refreshAfterTimeUtc < expiryTimeUtc, 'A token should be refreshed before it expires.');
      equal(tokenType, 'Bearer', 'The type of the token');
      equal(labelsIn(await score(scene.send, scoringUri, accessToken, twoCustomers)), ['yes', 'no']);
      equal(labelsIn(await deployment.invoke({ name: 'contract-token', body: twoCustomers })), ['yes', 'no']);
      await deployment.createEndpoint({ name: 'contract-foreign', authMode: 'aml_token' });
      const foreign = await deployment.token({ name: 'contract-foreign' });
      await deployment.deleteEndpoint({ name: 'contract-foreign' });
      for (const wrong of [undefined, 'wrong', `${accessToken}x`, foreign.accessToken]) {
        equal((await score(scene.send, scoringUri, wrong, twoCustomers)).status, 401, 'The status with another token');
      }
      await refused(deployment.keys({ name: 'contract-token' }), 'InvalidInput', 'contract-token');
      await refused(deployment.regenerateKey({ name: 'contract-token', keyType: 'primary' }), 'InvalidInput', 'contract-token');
      await deployment.deleteEndpoint({ name: 'contract-token' });
    });

    it('has no token where the endpoint has keys', async () => {
      await scene.endpoint();
      await refused(scene.workspace.deployment.token({ name: 'contract-bank' }), 'InvalidInput', 'contract-bank');
      await refused(scene.workspace.deployment.token({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    });

    it('can be sent by the workspace, and whatever comes back is its answer', async () => {
      await scene.endpoint();
      const { deployment } = scene.workspace;
      const good = await deployment.invoke({ name: 'contract-bank', body: twoCustomers });
      equal(labelsIn(good), ['yes', 'no'], 'The labels');
      ok(good.headers['x-request-id'], 'The answer should carry its x-request-id.');
      equal(labelsIn(await deployment.invoke({ name: 'contract-bank', deploymentName: 'blue', body: twoCustomers })), [
        'yes',
        'no',
      ]);
      const bad = await deployment.invoke({
        name: 'contract-bank',
        body: '{"input_data": {"columns": ["agee"], "data": [[1]]}}',
      });
      ok(bad.status >= 400 && bad.status < 500 && bad.body.includes('age'), `A bad row is answered ${bad.status}: ${bad.body}`);
    });

    it('is described by the endpoint’s own document', async () => {
      const { openapiUri } = await scene.endpoint();
      const { primaryKey } = await scene.workspace.deployment.keys({ name: 'contract-bank' });
      const { status, body } = await scene.send(openapiUri, {
        method: 'GET',
        headers: { authorization: `Bearer ${primaryKey}` },
      });
      equal(status, 200, 'The status of the document');
      ok(
        body.includes('RunMLService') && body.includes('balance'),
        'The document should describe the scoring call and its columns.',
      );
    });
  });
}
