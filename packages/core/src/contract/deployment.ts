import { settledDeployment, terminalProvisioningStates } from '../deployment.ts';
import type { Supports } from '../workspace.ts';
import { collect, equal, ok, refused } from './assertions.ts';
import { twoCustomers } from './bank.ts';
import { type Runner, where } from './harness.ts';
import { labelsIn, type Scene, score } from './scene.ts';

const blue = { endpointName: 'contract-bank', name: 'blue' };

export function deploymentContract(test: Runner, scene: Scene, supports: Supports): void {
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

  describe('a deployment', () => {
    it('answers at once, is watched until it has settled, and gets no traffic by itself', async () => {
      const { name, version } = await scene.model();
      const { deployment } = scene.workspace;
      await deployment.createEndpoint({ name: 'contract-watched' });
      const green = { endpointName: 'contract-watched', name: 'green' };
      const created = await deployment.createDeployment({ ...green, model: `azureml:${name}:${version}` });
      ok(
        ['Creating', 'Succeeded'].includes(created.provisioningState),
        `A deployment just created is ${created.provisioningState}.`,
      );
      const states = await collect(deployment.watchDeployment(green));
      const settled = states.at(-1);
      equal([settled?.provisioningState, settled?.error], ['Succeeded', null], 'How it settles');
      ok(
        states.slice(0, -1).every((state) => !terminalProvisioningStates.has(state.provisioningState)),
        'It settles once.',
      );
      equal(await deployment.getDeployment(green), settled);
      equal(await deployment.listDeployments({ name: 'contract-watched' }), [settled]);
      equal((await deployment.getEndpoint({ name: 'contract-watched' })).traffic, {}, 'The traffic');
      await deployment.deleteEndpoint({ name: 'contract-watched' });
      await refused(deployment.getDeployment(green), 'NotFound');
      await refused(deployment.watchDeployment(green), 'NotFound');
    });

    it('needs a model that is there', async () => {
      await scene.endpoint();
      const { deployment } = scene.workspace;
      const create = (model: string) => deployment.createDeployment({ endpointName: 'contract-bank', name: 'bad', model });
      await refused(create('azureml:contract-absent:1'), 'NotFound', 'contract-absent');
      await refused(create('azureml:contract-bank:99'), 'NotFound', 'contract-bank:99');
      await refused(deployment.getDeployment({ endpointName: 'contract-bank', name: 'bad' }), 'NotFound', 'bad');
      const nowhere = { endpointName: 'contract-absent', name: 'blue', model: 'azureml:contract-bank:1' };
      await refused(deployment.createDeployment(nowhere), 'NotFound', 'contract-absent');
    });

    it('has a log', async () => {
      await scene.endpoint();
      const { lines } = await scene.workspace.deployment.logs({ ...blue, lines: 5 });
      ok(lines.length > 0 && lines.length <= 5, `Of at most 5 lines there are ${lines.length}.`);
    });

    it('changes in place while requests go on being answered', async () => {
      const { scoringUri } = await scene.endpoint();
      const { deployment } = scene.workspace;
      const { primaryKey } = await deployment.keys({ name: 'contract-bank' });
      let updated = false;
      const asking = (async () => {
        do equal(labelsIn(await score(scene.send, scoringUri, primaryKey, twoCustomers)).length, 2);
        while (!updated);
      })();
      const { version } = await scene.model();
      await deployment.updateDeployment({ ...blue, model: `azureml:contract-bank:${version}`, description: 'Changed in place.' });
      const settled = await settledDeployment(deployment, blue);
      updated = true;
      await asking;
      equal(
        [settled.provisioningState, settled.description, settled.appInsightsEnabled],
        ['Succeeded', 'Changed in place.', true],
      );
    });

    it('has as many instances and takes as much as it is told, in place', async () => {
      const { name, version } = await scene.model();
      const { deployment } = scene.workspace;
      const { scoringUri } = await deployment.createEndpoint({ name: 'contract-scaled' });
      const { primaryKey } = await deployment.keys({ name: 'contract-scaled' });
      const wide = { endpointName: 'contract-scaled', name: 'wide' };
      const requestSettings = { requestTimeoutMs: 60_000, maxConcurrentRequestsPerInstance: 8, maxQueueWaitMs: 60_000 };
      const livenessProbe = { initialDelay: 1, period: 5, timeout: 5, successThreshold: 1, failureThreshold: 3 };
      const model = `azureml:${name}:${version}`;
      const told = { instanceCount: 2, requestSettings, livenessProbe };
      const created = await deployment.createDeployment({ ...wide, model, ...told });
      equal(
        [created.instanceCount, created.requestSettings, created.livenessProbe],
        [2, requestSettings, livenessProbe],
        'What it was told',
      );
      equal((await settledDeployment(deployment, wide)).provisioningState, 'Succeeded');
      await deployment.updateEndpoint({ name: 'contract-scaled', traffic: { wide: 100 } });
      equal(labelsIn(await score(scene.send, scoringUri, primaryKey, twoCustomers)), ['yes', 'no']);
      equal((await deployment.updateDeployment({ ...wide, instanceCount: 1 })).instanceCount, 1);
      const readinessProbe = { ...livenessProbe, failureThreshold: 2 };
      await deployment.updateDeployment({ ...wide, readinessProbe });
      const after = await deployment.getDeployment(wide);
      equal(
        [after.requestSettings, after.livenessProbe, after.readinessProbe],
        [requestSettings, livenessProbe, readinessProbe],
        'The settings afterwards',
      );
      equal(labelsIn(await score(scene.send, scoringUri, primaryKey, twoCustomers)), ['yes', 'no']);
      await refused(deployment.updateDeployment({ ...wide, instanceCount: 0 }), 'InvalidInput', 'instanceCount');
      await deployment.deleteEndpoint({ name: 'contract-scaled' });
    });

    it('stays while it has traffic, and goes when it has none', async () => {
      const { name, version } = await scene.model();
      await scene.endpoint();
      const { deployment } = scene.workspace;
      const second = { endpointName: 'contract-bank', name: 'second' };
      await deployment.createDeployment({ ...second, model: `azureml:${name}:${version}` });
      await settledDeployment(deployment, second);
      await deployment.updateEndpoint({ name: 'contract-bank', traffic: { blue: 60, second: 40 } });
      await refused(deployment.deleteDeployment(second), 'Conflict', 'second', '40');
      await deployment.updateEndpoint({ name: 'contract-bank', traffic: { blue: 100, second: 0 } });
      await deployment.deleteDeployment(second);
      await refused(deployment.getDeployment(second), 'NotFound', 'second');
    });
  });

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
