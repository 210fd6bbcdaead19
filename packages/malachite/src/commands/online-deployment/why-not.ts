import type { Deployment } from '@malachite/core';

/** Why a deployment that has settled is not in force. */
export function whyNot({ name, endpointName, provisioningState, error }: Deployment): string {
  return `Deployment "${name}" of endpoint "${endpointName}" is ${provisioningState}: ${error ?? 'no reason was given'}`;
}
