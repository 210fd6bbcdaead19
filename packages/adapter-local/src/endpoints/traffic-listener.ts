/** What happens at the endpoints becomes telemetry. */
import type { RequestRow } from '@malachite/scoring';
import type { LocalTelemetry } from '../telemetry/telemetry.ts';
import type { DeploymentRecord, EndpointRecord } from './endpoint-records.ts';

export type TrafficListener = {
  /** Requests that were answered, at most every 200 ms. */
  served(endpoint: EndpointRecord, deployments: readonly DeploymentRecord[], rows: readonly RequestRow[]): void;
  /** The endpoint's process ended without being asked to. */
  crashed(endpoint: EndpointRecord, message: string): void;
};

/** What Azure's traffic log calls them. */
const authTypes = { key: 'Key', aml_token: 'AMLToken', aad_token: 'AADToken', none: 'None' } as const;

export function telemetryOfTraffic(telemetry: LocalTelemetry, clock: () => Date): TrafficListener {
  return {
    served({ name, authMode, port }, deployments, rows) {
      const withInsights = new Set(deployments.filter((deployment) => deployment.appInsightsEnabled).map((each) => each.name));
      telemetry.requestServed(
        rows.map((row) => ({
          time: new Date(row.time),
          endpointName: name,
          deploymentName: row.deployment || undefined,
          requestId: row.requestId,
          clientRequestId: row.clientRequestId || undefined,
          method: row.method,
          path: row.path,
          url: `http://127.0.0.1:${port}${row.path}`,
          authType: authTypes[authMode],
          status: row.status,
          modelStatus: row.modelStatus,
          durationMs: row.durationMs,
          appInsightsEnabled: withInsights.has(row.deployment),
          response: row.prediction,
          modelData: row.input === undefined ? undefined : { input: row.input, prediction: row.prediction ?? '' },
          error: row.status >= 500 ? { type: 'ScoringError', message: row.error ?? '' } : undefined,
        })),
      );
    },
    crashed({ name }, message) {
      const columns = {
        timestamp: clock(),
        problemId: 'HostCrash',
        type: 'HostCrash',
        outerMessage: message,
        severityLevel: 4,
        cloud_RoleName: name,
      };
      telemetry.ingest([{ table: 'exceptions', columns }]);
    },
  };
}
