import type { Supports } from '../../workspace.ts';
import type { Runner } from '../harness.ts';
import type { Scene } from '../scene.ts';
import { deploymentsContract } from './deployments.ts';
import { endpointsContract } from './endpoints.ts';
import { requestsContract } from './requests.ts';
import { trafficContract } from './traffic.ts';

export function deploymentContract(test: Runner, scene: Scene, supports: Supports): void {
  endpointsContract(test, scene);
  deploymentsContract(test, scene);
  trafficContract(test, scene);
  requestsContract(test, scene, supports);
}
