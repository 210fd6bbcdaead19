import { MalachiteError, type Traffic } from '@malachite/core';
import type { DeploymentRecord } from './endpoint-records.ts';

/**
 * Refuses a split of an endpoint's requests, in percent, that cannot be answered.
 *
 * @throws InvalidInput for a deployment that is not there or that failed, and for a sum that is neither 0 nor 100
 */
export function checkTraffic(endpoint: string, traffic: Traffic, deployments: readonly DeploymentRecord[]): void {
  const names = deployments.map(({ name }) => name);
  const unknown = Object.keys(traffic).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new MalachiteError(
      'InvalidInput',
      `Endpoint "${endpoint}" has no deployment "${unknown}" to give traffic to. Deployments: ${names.join(', ') || 'none'}.`,
    );
  }
  const failed = deployments.find(({ name, provisioningState, servedModel }) => {
    return (traffic[name] ?? 0) > 0 && provisioningState === 'Failed' && servedModel === null;
  });
  if (failed)
    throw new MalachiteError('InvalidInput', `Deployment "${failed.name}" is Failed and takes no traffic: ${failed.error}`);
  const sum = Object.values(traffic).reduce((total, percent) => total + percent, 0);
  if (sum !== 0 && sum !== 100) {
    throw new MalachiteError('InvalidInput', `Traffic must sum to 0 or 100 percent; this sums to ${sum}.`);
  }
}
