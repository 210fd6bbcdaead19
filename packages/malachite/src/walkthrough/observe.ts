/** Step 10: what the endpoint wrote about the request it answered. */
import { setTimeout as wait } from 'node:timers/promises';
import { MalachiteError, type TelemetryResult, type Workspace } from '@malachite/core';
import type { Deployed } from './deploy.ts';
import type { Told } from './story.ts';

export type Observed = { readonly logLines: readonly string[]; readonly requests: TelemetryResult | undefined };

/** Milliseconds until a request that was answered must be in the log: hosts hand rows on in batches, off the hot path. */
const patience = 10_000;

/** @param since when the request was sent */
export async function observe(workspace: Workspace, { deployment }: Deployed, since: Date): Promise<Told<Observed>> {
  const requests = workspace.supports.telemetry ? await requestsSince(workspace, since) : undefined;
  const { endpointName, name } = deployment;
  const { lines } = await workspace.deployment.logs({ endpointName, name, lines: 5 });
  const outcome = `${lines.length} lines of the container log${requests ? `, ${requests.rows.length} row in table "requests"` : ''}`;
  return { value: { logLines: lines, requests }, outcome };
}

async function requestsSince({ telemetry }: Workspace, since: Date): Promise<TelemetryResult> {
  const query = `requests | where timestamp >= datetime(${since.toISOString()}) | order by timestamp desc | take 3 | project timestamp, name, resultCode, duration`;
  const deadline = performance.now() + patience;
  for (;;) {
    const result = await telemetry.query({ query });
    if (result.rows.length > 0) return result;
    if (performance.now() > deadline)
      throw new MalachiteError('Timeout', `The request is not in the log after ${patience / 1000} s.`);
    await wait(100);
  }
}
