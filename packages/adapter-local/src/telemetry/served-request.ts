/** What a scoring host says about a request it has answered, as telemetry rows. */
import { STATUS_CODES } from 'node:http';
import type { TelemetryRow } from './ingest.ts';

export type ServedRequest = {
  /** When it arrived. */
  readonly time: Date;
  readonly endpointName: string;
  /** Undefined when it never reached a deployment. */
  readonly deploymentName?: string | undefined;
  readonly requestId: string;
  readonly clientRequestId?: string | undefined;
  readonly method: string;
  readonly path: string;
  /** The whole address, for `requests`. */
  readonly url?: string | undefined;
  /** `HTTP/1.1`. */
  readonly protocol?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly authType: 'Key' | 'AMLToken' | 'AADToken' | 'None';
  readonly status: number;
  /** What the model answered, when it was asked. */
  readonly modelStatus?: number | undefined;
  /** From its first byte to the last byte of the answer, in milliseconds. */
  readonly durationMs: number;
  readonly requestBytes?: number | undefined;
  readonly responseBytes?: number | undefined;
  /** Whether the deployment records `requests`, `traces` and `exceptions`; the traffic log is always written. */
  readonly appInsightsEnabled: boolean;
  /** The answer's body. */
  readonly response?: string | undefined;
  /** The request's rows and their predictions, as JSON text. */
  readonly modelData?: { readonly input: string; readonly prediction: string } | undefined;
  /** Why the model failed; never shown to the caller. */
  readonly error?: { readonly type: string; readonly message: string } | undefined;
};

/** Application Insights keeps this much of a value. */
const longestValue = 8192;

/** `GET /` is the health probe and is not logged, as in Azure. */
export function servedRequestRows(request: ServedRequest, workspaceName: string): TelemetryRow[] {
  if (request.path === '/') return [];
  const traffic = trafficRow(request, workspaceName);
  return request.appInsightsEnabled ? [traffic, ...insightRows(request, workspaceName)] : [traffic];
}

function trafficRow(request: ServedRequest, workspaceName: string): TelemetryRow {
  const duration = Math.round(request.durationMs);
  return {
    table: 'AmlOnlineEndpointTrafficLog',
    columns: {
      TimeGenerated: request.time,
      OperationName: 'InferenceRequest',
      Method: request.method,
      Path: request.path,
      Location: 'local',
      AzureMLWorkspaceName: workspaceName,
      EndpointName: request.endpointName,
      DeploymentName: request.deploymentName,
      Protocol: request.protocol,
      AuthType: request.authType,
      ResponseCode: request.status,
      ResponseCodeReason: STATUS_CODES[request.status],
      ModelStatusCode: request.modelStatus,
      ModelStatusReason: request.modelStatus === undefined ? undefined : STATUS_CODES[request.modelStatus],
      RequestPayloadSize: request.requestBytes,
      ResponsePayloadSize: request.responseBytes,
      UserAgent: request.userAgent?.slice(0, 70),
      XRequestId: request.requestId,
      XMSClientRequestId: request.clientRequestId,
      TotalDurationMs: duration,
      ResponseDurationMs: duration,
      RequestThrottlingDelayMs: 0,
      ResponseThrottlingDelayMs: 0,
    },
  };
}

/** The rows, names and custom dimensions of Azure's inference server. */
function insightRows(request: ServedRequest, workspaceName: string): TelemetryRow[] {
  const operation = {
    timestamp: request.time,
    operation_Name: `${request.method} ${request.path}`,
    operation_Id: request.requestId,
    cloud_RoleName: request.endpointName,
    cloud_RoleInstance: request.deploymentName,
  };
  const dimensions = {
    'Container Id': request.deploymentName ?? '',
    'Request Id': request.requestId,
    'Client Request Id': request.clientRequestId ?? '',
    'Workspace Name': workspaceName,
    'Service Name': request.endpointName,
  };
  const rows: TelemetryRow[] = [
    {
      table: 'requests',
      columns: {
        ...operation,
        id: request.requestId,
        name: request.path,
        url: request.url ?? request.path,
        success: request.status < 400,
        resultCode: String(request.status),
        duration: request.durationMs,
        customDimensions: { ...dimensions, 'Response Value': short(request.response ?? ''), http_method: request.method },
      },
    },
  ];
  if (request.modelData) {
    const { input, prediction } = request.modelData;
    rows.push({
      table: 'traces',
      columns: {
        ...operation,
        message: 'model_data_collection',
        severityLevel: 1,
        customDimensions: { ...dimensions, Input: short(input), Prediction: short(prediction) },
      },
    });
  }
  if (request.error) {
    const { type, message } = request.error;
    rows.push({
      table: 'exceptions',
      columns: {
        ...operation,
        problemId: type,
        type,
        outerMessage: short(message),
        severityLevel: 3,
        customDimensions: dimensions,
      },
    });
  }
  return rows;
}

const short = (text: string): string => (text.length > longestValue ? text.slice(0, longestValue) : text);
