/** Deployments: models behind an endpoint. */
import { settledDeployment, terminalProvisioningStates } from '../../deployment.ts';
import { collect, equal, ok, refused } from '../assertions.ts';
import { twoCustomers } from '../bank.ts';
import type { Runner } from '../harness.ts';
import { labelsIn, type Scene, score } from '../scene.ts';

const blue = { endpointName: 'contract-bank', name: 'blue' };

export function deploymentsContract(test: Runner, scene: Scene): void {
  const { describe, it } = test;

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
}
