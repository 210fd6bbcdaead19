import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { closeContext, openContext } from '../store/context.ts';
import { temporaryHome } from '../test-home.ts';
import type { Retention } from './ingest.ts';
import type { ServedRequest } from './served-request.ts';
import { type LocalTelemetry, localTelemetry } from './telemetry.ts';

const noon = new Date('2026-01-02T12:00:00Z');

function openTelemetry(retention: Retention = { rows: 1000, days: 30 }): LocalTelemetry {
  const context = openContext({ home: temporaryHome(), workspaceName: 'ws', clock: () => noon, log: pino({ level: 'silent' }) });
  const telemetry = localTelemetry(context, { retention, querySeconds: 5 });
  onTestFinished(async () => {
    await telemetry.close();
    closeContext(context);
  });
  return telemetry;
}

const served: ServedRequest = {
  time: noon,
  endpointName: 'bank',
  deploymentName: 'blue',
  requestId: 'request-1',
  clientRequestId: 'client-1',
  method: 'POST',
  path: '/score',
  url: 'http://127.0.0.1:5001/score',
  protocol: 'HTTP/1.1',
  userAgent: `python-requests/2 ${'x'.repeat(100)}`,
  authType: 'Key',
  status: 200,
  modelStatus: 200,
  durationMs: 3.4,
  requestBytes: 100,
  responseBytes: 20,
  appInsightsEnabled: true,
  response: '["yes"]',
  modelData: { input: '[{"age": 17}]', prediction: '["yes"]' },
};

test('A served request is a row of the traffic log, of requests and of traces, tied by its id', async () => {
  const telemetry = openTelemetry();
  telemetry.requestServed([served]);
  const one = async (query: string) => (await telemetry.query({ query })).rows;
  expect(
    await one(
      'AmlOnlineEndpointTrafficLog | project TimeGenerated, EndpointName, DeploymentName, ResponseCode, ResponseCodeReason, ModelStatusCode, TotalDurationMs, AuthType, XRequestId, XMSClientRequestId, strlen(UserAgent), AzureMLWorkspaceName',
    ),
  ).toEqual([['2026-01-02T12:00:00.000Z', 'bank', 'blue', 200, 'OK', 200, 3, 'Key', 'request-1', 'client-1', 70, 'ws']]);
  expect(
    await one("requests | project name, url, success, resultCode, duration, operation_Id, customDimensions['Response Value']"),
  ).toEqual([['/score', 'http://127.0.0.1:5001/score', true, '200', 3.4, 'request-1', '["yes"]']]);
  expect(await one('traces | project message, customDimensions.Input, customDimensions.Prediction, operation_Id')).toEqual([
    ['model_data_collection', '[{"age": 17}]', '["yes"]', 'request-1'],
  ]);
  expect(await one('exceptions')).toEqual([]);
});

test('Without Application Insights only the traffic log is written; the health probe not even there', async () => {
  const telemetry = openTelemetry();
  telemetry.requestServed([
    { ...served, appInsightsEnabled: false },
    { ...served, method: 'GET', path: '/' },
  ]);
  expect((await telemetry.query({ query: 'AmlOnlineEndpointTrafficLog | count' })).rows).toEqual([[1]]);
  expect((await telemetry.query({ query: 'requests | count' })).rows).toEqual([[0]]);
});

test('A model that failed is an exception too', async () => {
  const telemetry = openTelemetry();
  telemetry.requestServed([{ ...served, status: 424, modelStatus: 500, error: { type: 'TypeError', message: 'boom' } }]);
  const { rows } = await telemetry.query({ query: 'exceptions | project type, outerMessage, severityLevel, operation_Id' });
  expect(rows).toEqual([['TypeError', 'boom', 3, 'request-1']]);
  expect((await telemetry.query({ query: 'requests | where not(success) | project resultCode' })).rows).toEqual([['424']]);
});

test('Rows beyond the retention are forgotten, the oldest first', async () => {
  const telemetry = openTelemetry({ rows: 100, days: 30 });
  const trace = (message: string, time: Date) => ({ table: 'traces' as const, columns: { timestamp: time, message } });
  telemetry.ingest(Array.from({ length: 250 }, (_, i) => trace(`m${i}`, noon)));
  expect((await telemetry.query({ query: 'traces | summarize count(), min(toint(substring(message, 1)))' })).rows).toEqual([
    [100, 150],
  ]);
  telemetry.ingest([trace('old', new Date(noon.getTime() - 31 * 86_400_000)), trace('new', noon)]);
  expect((await telemetry.query({ query: 'traces | where message in ("old", "new") | project message' })).rows).toEqual([
    ['new'],
  ]);
});

test('Rows go in all or none', async () => {
  const telemetry = openTelemetry();
  const good = { table: 'traces' as const, columns: { timestamp: noon, message: 'good' } };
  expect(() => telemetry.ingest([good, { table: 'traces', columns: { timestamp: noon, nonsense: 1 } }])).toThrow(
    /no column "nonsense"/,
  );
  expect((await telemetry.query({ query: 'traces | count' })).rows).toEqual([[0]]);
});
