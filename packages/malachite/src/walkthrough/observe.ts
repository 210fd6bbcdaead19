/** Step 10: what the endpoint wrote about the requests it answered. */
import type { TelemetryResult, Workspace } from '@malachite/core';
import type { Deployed } from './deploy.ts';
import type { Told } from './story.ts';

export type Observed = { readonly logLines: readonly string[]; readonly requests: TelemetryResult | undefined };

export async function observe(workspace: Workspace, { deployment: { endpointName, name } }: Deployed): Promise<Told<Observed>> {
  const { lines } = await workspace.deployment.logs({ endpointName, name, lines: 6 });
  const requests = workspace.supports.telemetry
    ? await workspace.telemetry.query({
        query: 'requests | order by timestamp desc | take 3 | project timestamp, name, resultCode, duration',
      })
    : undefined;
  const outcome = `${lines.length} lines of the container log${requests ? `, ${requests.rows.length} in table "requests"` : ''}`;
  return { value: { logLines: lines, requests }, outcome };
}
