/** Azure's rules for mirror traffic: one deployment, which has no live traffic, gets a copy of at most half of the requests. */
import { MalachiteError, type MirrorTraffic, type Traffic } from '@malachite/core';

/** @throws InvalidInput naming the deployment that cannot mirror */
export function checkMirrorTraffic(mirror: MirrorTraffic, traffic: Traffic, deployments: readonly string[]): void {
  const mirrors = Object.keys(mirror).filter((name) => (mirror[name] ?? 0) > 0);
  const unknown = mirrors.find((name) => !deployments.includes(name));
  if (unknown !== undefined) {
    throw new MalachiteError(
      'InvalidInput',
      `There is no deployment "${unknown}" to mirror traffic to. Deployments: ${deployments.join(', ') || 'none'}.`,
    );
  }
  if (mirrors.length > 1) {
    throw new MalachiteError('InvalidInput', `One deployment may mirror traffic; these are ${mirrors.join(', ')}.`);
  }
  const live = mirrors.find((name) => (traffic[name] ?? 0) > 0);
  if (live !== undefined) {
    throw new MalachiteError('InvalidInput', `Deployment "${live}" has live traffic; only one without any may mirror.`);
  }
}
