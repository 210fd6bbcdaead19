/** Which deployments have processes of their own. */
import type { HostedDeployment } from './host-messages.ts';

/**
 * A model alone and without bounds runs in the host's own process: no answer crosses a process then. What asks for several instances,
 * or for bounds that must hold while the model is busy, gets processes of its own.
 */
export function hasInstances(deployment: HostedDeployment): boolean {
  const { instanceCount = 1, livenessProbe, readinessProbe, requestTimeoutMs, maxConcurrentRequestsPerInstance } = deployment;
  const bounds = [livenessProbe, readinessProbe, requestTimeoutMs, maxConcurrentRequestsPerInstance, deployment.maxQueueWaitMs];
  return instanceCount > 1 || bounds.some((bound) => bound !== undefined);
}

/** Of the pool: a script has processes of its own kind. */
export function takesInstances(deployment: HostedDeployment): boolean {
  return deployment.script === undefined && hasInstances(deployment);
}
