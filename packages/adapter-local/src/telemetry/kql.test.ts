/** KQL over real rows: what a query answers, and where an error points. */
import type { TelemetryResult } from '@malachite/core';
import { pino } from 'pino';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { closeContext, openContext } from '../store/context.ts';
import { temporaryHome } from '../test-home.ts';
import { defaultRetention } from './ingest.ts';
import { type LocalTelemetry, localTelemetry } from './telemetry.ts';

const noon = new Date('2026-01-02T12:00:00Z');
let telemetry: LocalTelemetry;

/** Ten requests, one every six minutes back from noon: r0 … r9; r0 and r5 failed. */
beforeEach(() => {
  const context = openContext({
    home: temporaryHome(),
    workspaceName: 'test',
    clock: () => noon,
    log: pino({ level: 'silent' }),
  });
  telemetry = localTelemetry(context, { retention: defaultRetention, querySeconds: 2 });
  onTestFinished(async () => {
    await telemetry.close();
    closeContext(context);
  });
  telemetry.ingest(
    Array.from({ length: 10 }, (_, i) => ({
      table: 'requests',
      columns: {
        timestamp: new Date(noon.getTime() - i * 360_000),
        id: `r${i}`,
        name: i % 2 ? 'POST /score' : 'POST /Score blue-green',
        success: i % 5 !== 0,
        resultCode: i % 5 ? '200' : '500',
        duration: i * 10,
        operation_Name: i === 3 ? 'special' : undefined,
        customDimensions: { 'Service Name': i % 2 ? 'bank' : 'taxi', nested: { depth: [i, 'x'] }, n: i },
      },
    })),
  );
});

const rows = async (query: string): Promise<TelemetryResult['rows']> => (await telemetry.query({ query })).rows;
/** The ids that a condition lets through, without their r. */
const passing = async (condition: string): Promise<string> =>
  (await rows(`requests | where ${condition} | project id`)).map(([id]) => String(id).slice(1)).join('');

test.each([
  ['success', '12346789'],
  ['success == false', '05'],
  ['success == "False"', '05'],
  ['not(success)', '05'],
  ['resultCode != "200"', '05'],
  ['resultCode == 500', '05'],
  ['duration > 70', '89'],
  ['duration >= 70 and duration < 90', '78'],
  ['duration between (20 .. 40)', '234'],
  ['duration !between (10 .. 80)', '09'],
  ['id in ("r1", "r2") or id == "r3"', '123'],
  ['id in~ ("R1")', '1'],
  ['id !in ("r1", "r2", "r3")', '0456789'],
  ['name contains "SCORE b"', '02468'],
  ['name !contains "blue"', '13579'],
  ['name contains_cs "Score"', '02468'],
  ['name has "GREEN"', '02468'],
  ['name has "gree"', ''],
  ['name startswith "post"', '0123456789'],
  ['name endswith "SCORE"', '13579'],
  ['name =~ "post /SCORE"', '13579'],
  ['name !~ "post /SCORE"', '02468'],
  ['id matches regex "^r[2-4]$"', '234'],
  ['name matches regex "(?i)score BLUE"', '02468'],
  ['timestamp > ago(15m)', '012'],
  ['timestamp >= datetime(2026-01-02 11:48)', '012'],
  ['timestamp between (ago(13m) .. now())', '012'],
  ['timestamp between (ago(1h) .. 10m)', '9'],
  ['now() - timestamp > 50m', '9'],
  ["customDimensions['Service Name'] == 'bank'", '13579'],
  ['customDimensions.nested.depth[0] > 7', '89'],
  ['tostring(customDimensions.nested.depth[1]) == "x" and toint(customDimensions.n) % 4 == 0', '048'],
  ['isempty(customDimensions.nothing) and isnotempty(operation_Name)', '3'],
  ['isnull(customDimensions.nothing) and customDimensions.n == 4', '4'],
  ['iff(duration > 50, "slow", "quick") == "slow"', '6789'],
  ['strlen(strcat(id, "-", resultCode)) == 6 and substring(id, 1) == "7"', '7'],
  ['-duration < -80', '9'],
  ['duration / 20 == 2.5 or 7 / 2 == 2', '5'],
])('where %s', async (condition, ids) => {
  expect(await passing(condition)).toBe(ids);
});

test('summarize: aggregates by groups, named as KQL names them', async () => {
  const answer = await telemetry.query({
    query: `requests // all of them
      | summarize count(), avg(duration), percentile(duration, 50), p90 = percentile(duration, 90), dcount(name), stdev(duration),
          countif(success), failures = 100.0 * countif(success == false) / count() by tostring(customDimensions['Service Name'])`,
  });
  expect(answer.columns).toEqual([
    { name: 'customDimensions_Service Name', type: 'string' },
    { name: 'count_', type: 'long' },
    { name: 'avg_duration', type: 'real' },
    { name: 'percentile_duration_50', type: 'real' },
    { name: 'p90', type: 'real' },
    { name: 'dcount_name', type: 'long' },
    { name: 'stdev_duration', type: 'real' },
    { name: 'countif_', type: 'long' },
    { name: 'failures', type: 'real' },
  ]);
  // bank has 10, 30, 50, 70, 90, of which the third failed: variance (40² + 20² + 0 + 20² + 40²) / 4.
  expect(answer.rows).toEqual([
    ['bank', 5, 50, 50, 90, 1, Math.sqrt(1000), 4, 20],
    ['taxi', 5, 40, 40, 80, 1, Math.sqrt(1000), 4, 20],
  ]);
});

test('percentiles gives a column for each share', async () => {
  const answer = await telemetry.query({ query: 'requests | summarize percentiles(duration, 50, 95, 99.9)' });
  expect(answer.columns.map(({ name }) => name)).toEqual([
    'percentile_duration_50',
    'percentile_duration_95',
    'percentile_duration_99_9',
  ]);
  expect(answer.rows).toEqual([[40, 90, 90]]);
});

test('summarize over no rows is one row; by a group it is none', async () => {
  expect(await rows('traces | summarize count(), max(severityLevel)')).toEqual([[0, null]]);
  expect(await rows('traces | summarize count() by message')).toEqual([]);
});

test('bin groups times and numbers', async () => {
  expect(await rows('requests | summarize count() by bin(timestamp, 30m) | order by timestamp asc | render timechart')).toEqual([
    ['2026-01-02T11:00:00.000Z', 4],
    ['2026-01-02T11:30:00.000Z', 5],
    ['2026-01-02T12:00:00.000Z', 1],
  ]);
  expect(await rows('requests | summarize n = count() by b = bin(duration, 50) | order by b asc')).toEqual([
    [0, 5],
    [50, 5],
  ]);
});

test('project, extend, project-away, distinct, count, take, top and order', async () => {
  expect(await rows('requests | count')).toEqual([[10]]);
  expect(await rows('requests | top 2 by duration | project id, half = duration / 2')).toEqual([
    ['r9', 45],
    ['r8', 40],
  ]);
  expect(await rows('requests | sort by resultCode asc, duration desc | take 1 | project id')).toEqual([['r9']]);
  expect(await rows('requests | distinct resultCode | order by resultCode asc')).toEqual([['200'], ['500']]);
  expect(await rows('requests | extend age = now() - timestamp | where id == "r2" | project age')).toEqual([['00:12:00']]);
  const { columns } = await telemetry.query({
    query: 'requests | project-away customDimensions, url | extend duration = 1 | take 1',
  });
  expect(columns.map(({ name }) => name)).not.toContain('url');
  expect(columns.filter(({ name }) => name === 'duration')).toEqual([{ name: 'duration', type: 'long' }]);
});

test('A timespan bounds the rows from now back', async () => {
  const count = async (timespan: string) => (await telemetry.query({ query: 'requests | count', timespan })).rows[0]?.[0];
  expect(await count('PT13M')).toBe(3);
  const day = 86_400_000;
  const older = [2, 8].map((days) => ({ timestamp: new Date(noon.getTime() - days * day), id: `${days} days`, success: true }));
  telemetry.ingest(older.map((columns) => ({ table: 'requests', columns })));
  expect(await count('P1DT1H')).toBe(10);
  expect(await count('P1W')).toBe(11);
  expect(await count('P1W1DT0.5S')).toBe(12);
  await expect(count('yesterday')).rejects.toMatchObject({ code: 'InvalidInput' });
});

test("Microsoft's own sample query for failed requests runs", async () => {
  const query = `AmlOnlineEndpointTrafficLog
| where ResponseCode != "200" and ResponseCode != "100"
| project TimeGenerated, Location, OperationName, Method, Path, AzureMLWorkspaceId, EndpointName, DeploymentName, Protocol,
    ResponseCode, ResponseCodeReason, ModelStatusCode, ModelStatusReason, RequestPayloadSize, ResponsePayloadSize, UserAgent,
    XRequestId, XMSClientRequestId, TotalDurationMs, RequestDurationMs, ResponseDurationMs, RequestThrottlingDelayMs,
    ResponseThrottlingDelayMs
| top 100 by TimeGenerated`;
  expect(await rows(query)).toEqual([]);
});

test.each([
  ['request | take 1', /line 1, column 1: "request" is no table/],
  ['requests | wher success', /line 1, column 12: "wher" is no operator known here/],
  ['requests\n| where nothing == 1', /line 2, column 9: "nothing" is no column here/],
  ['requests | where duration >', /column 28: the end stands where a value/],
  ['requests | where duration > 1 1', /column 31: "1" stands where "\|"/],
  ['requests | where name == "open', /column 26: '"' opens a text that is not closed/],
  ['requests | where name == #', /column 26: "#" is not understood/],
  ['requests | join traces', /"join" is no operator/],
  ['requests | where avg(duration) > 1', /"avg" .* belongs into summarize/],
  ['requests | summarize nope(duration)', /"nope" is no function/],
  ['requests | extend a = strcat()', /"strcat" takes 1 to 64 values, not 0/],
  ['requests | where timestamp > ago("1h")', /"ago" needs a timespan/],
  ['requests | where timestamp > datetime(someday)', /"someday" is no date/],
  ['requests | where name matches regex "("', /is no regular expression/],
  ['requests | where name.x == 1', /only dynamic values have members/],
  ['requests | where duration', /is a real, not a condition/],
  ['requests | take many', /stands where a number of rows/],
  [`requests | where ${'('.repeat(9000)}`, /nested too deeply/],
  [`requests | where name == "${'x'.repeat(10_001)}"`, /at most 10000/],
  ['requests | where toint(99999999999999999999999) > 1', /cannot be answered/],
])('%.60s is refused, and the sentence points at the place', async (query, sentence) => {
  await expect(telemetry.query({ query })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringMatching(sentence),
  });
});

test('What looks like SQL stays a value', async () => {
  expect(await rows(`requests | where id == "r1' OR 1=1 --" | count`)).toEqual([[0]]);
  expect(await rows(`requests | project x = "a'b\\"c" | take 1`)).toEqual([[`a'b"c`]]);
  await expect(rows(`requests | extend a = "; DROP TABLE requests" | project ["a"]`)).rejects.toThrow(/KQL/);
  expect(await rows('requests | count')).toEqual([[10]]);
});

test('A regular expression gone wild ends as a Timeout, and the query behind it is answered', async () => {
  const wild = `requests | where strcat("${'a'.repeat(40)}", "!") matches regex "^(a+)+$" | count`;
  const ended = expect(telemetry.query({ query: wild })).rejects.toMatchObject({ code: 'Timeout' });
  // Waits behind the wild one.
  expect(await rows('requests | count')).toEqual([[10]]);
  await ended;
});
