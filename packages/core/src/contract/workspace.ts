/**
 * The contract of a workspace, readable top to bottom as its specification: every adapter runs it unchanged, and what
 * an adapter cannot do is skipped, aloud.
 *
 *     workspaceContract({ name: 'local', test: { describe, it, skip: (name) => it.skip(name), beforeAll, afterAll }, … });
 */
import type { Workspace } from '../workspace.ts';
import { equal, ok, refused } from './assertions.ts';
import { computeContract } from './compute.ts';
import { conforming } from './conforming.ts';
import { datasetsContract } from './datasets.ts';
import { datastoreContract } from './datastore.ts';
import { deploymentContract } from './deployment/deployment.ts';
import type { Harness } from './harness.ts';
import { modelsContract } from './models.ts';
import { pipelinesContract } from './pipelines.ts';
import { reopeningContract } from './reopening.ts';
import { bankJob, setScene } from './scene.ts';
import { telemetryContract } from './telemetry.ts';
import { trainingContract } from './training/training.ts';

export function workspaceContract(harness: Harness): void {
  const { test, supports, reopen } = harness;
  const { describe, it, skip, beforeAll, afterAll } = test;
  let opened: Workspace | undefined;
  let checked: Workspace | undefined;
  const use = (workspace: Workspace) => {
    opened = workspace;
    checked = conforming(workspace);
  };
  const scene = setScene(harness, () => {
    ok(checked, 'The workspace is not open.');
    return checked;
  });

  describe(`a workspace (${harness.name})`, () => {
    beforeAll(async () => use(await harness.open()));
    afterAll(async () => {
      if (opened) await harness.close(opened);
    });

    it('says what it is and what it can do', async () => {
      ok(scene.workspace.name.length > 0, 'It should have a name.');
      equal(scene.workspace.supports, supports, 'What it supports');
    });
    describe('the datastore', () => datastoreContract(test, scene));
    describe('datasets', () => datasetsContract(test, scene, supports));
    describe('compute clusters', () => computeContract(test, scene));
    if (supports.automl) {
      describe('training', () => trainingContract(test, scene, supports));
      describe('models', () => modelsContract(test, scene, supports));
      describe('deployment', () => deploymentContract(test, scene, supports));
    } else {
      skip('training, models and deployment: AutoML is not supported');
      it('says that it does not train', async () => refused(scene.workspace.training.submit(bankJob), 'NotSupported'));
    }
    if (supports.automl && supports.pipelines) describe('pipelines', () => pipelinesContract(test, scene, supports));
    else skip('pipelines: not supported');
    if (!supports.pipelines) {
      it('says that it has no pipelines', async () => refused(scene.workspace.pipelines.list(), 'NotSupported'));
    }
    if (supports.automl && supports.telemetry) describe('telemetry', () => telemetryContract(test, scene));
    else skip('telemetry: not supported');
    if (!supports.telemetry) {
      it('says that it has no telemetry', async () =>
        refused(scene.workspace.telemetry.query({ query: 'requests' }), 'NotSupported'));
    }
    if (supports.automl && reopen) {
      describe('opened again', () =>
        reopeningContract(test, scene, async () => {
          ok(opened, 'The workspace is not open.');
          use(await reopen(opened));
        }));
    } else skip('opened again: not supported');
  });
}
