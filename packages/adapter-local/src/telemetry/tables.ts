/**
 * The columns of the telemetry tables and their KQL types.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/amlonlineendpointtrafficlog
 */
import type { TelemetryTable } from '@malachite/core';

/** `datetime` is held as milliseconds since 1970, `bool` as 0 and 1, `dynamic` as JSON text, `timespan` in milliseconds. */
export type KqlType = 'string' | 'long' | 'real' | 'bool' | 'datetime' | 'timespan' | 'dynamic';

export type TableColumns = Readonly<Record<string, KqlType>>;

/** What every Application Insights table ends with. */
const common = {
  customDimensions: 'dynamic',
  operation_Name: 'string',
  operation_Id: 'string',
  cloud_RoleName: 'string',
  cloud_RoleInstance: 'string',
  itemCount: 'long',
} as const;

/** In the order in which a query without `project` shows them; the first column is the row's time. */
export const telemetryColumns: Readonly<Record<TelemetryTable, TableColumns>> = {
  requests: {
    timestamp: 'datetime',
    id: 'string',
    name: 'string',
    url: 'string',
    success: 'bool',
    resultCode: 'string',
    duration: 'real',
    ...common,
  },
  traces: { timestamp: 'datetime', message: 'string', severityLevel: 'long', ...common },
  exceptions: {
    timestamp: 'datetime',
    problemId: 'string',
    type: 'string',
    outerMessage: 'string',
    severityLevel: 'long',
    ...common,
  },
  customMetrics: {
    timestamp: 'datetime',
    name: 'string',
    value: 'real',
    valueCount: 'long',
    valueSum: 'real',
    valueMin: 'real',
    valueMax: 'real',
    valueStdDev: 'real',
    ...common,
  },
  AmlOnlineEndpointTrafficLog: {
    TimeGenerated: 'datetime',
    OperationName: 'string',
    Method: 'string',
    Path: 'string',
    Location: 'string',
    AzureMLWorkspaceId: 'string',
    AzureMLWorkspaceName: 'string',
    EndpointName: 'string',
    DeploymentName: 'string',
    Protocol: 'string',
    AuthType: 'string',
    IdentityData: 'string',
    ResponseCode: 'long',
    ResponseCodeReason: 'string',
    ModelStatusCode: 'long',
    ModelStatusReason: 'string',
    RequestPayloadSize: 'long',
    ResponsePayloadSize: 'long',
    UserAgent: 'string',
    XRequestId: 'string',
    XMSClientRequestId: 'string',
    TotalDurationMs: 'long',
    RequestDurationMs: 'long',
    ResponseDurationMs: 'long',
    RequestThrottlingDelayMs: 'long',
    ResponseThrottlingDelayMs: 'long',
  },
};

/** The column that says when: `timestamp`, in Azure Monitor's own table `TimeGenerated`. */
export function timeColumn(table: TelemetryTable): string {
  return Object.keys(telemetryColumns[table])[0] as string;
}
