/** The telemetry port: rows in, KQL over them. */
import { MalachiteError, type Telemetry, type TelemetryResult } from '@malachite/core';
import type { Context } from '../store/context.ts';
import { defaultRetention, ingestRows, type Retention, type TelemetryRow } from './ingest.ts';
import { compileKql } from './kql/compile.ts';
import { openReader, type Scalar } from './reader.ts';
import { type ServedRequest, servedRequestRows } from './served-request.ts';
import type { KqlType } from './tables.ts';

export interface LocalTelemetry extends Telemetry {
  /** Writes rows, all or none, and forgets what is beyond the retention. */
  ingest(rows: readonly TelemetryRow[]): void;
  /** Writes what scoring hosts have answered. */
  requestServed(requests: readonly ServedRequest[]): void;
  close(): Promise<void>;
}

export type TelemetryLimits = { readonly retention: Retention; readonly querySeconds: number };

/** At most so many rows are answered. */
const mostRows = 100_000;

export function localTelemetry(
  { db, home, clock, workspaceName }: Context,
  { retention, querySeconds }: TelemetryLimits = { retention: defaultRetention, querySeconds: 30 },
): LocalTelemetry {
  const reader = openReader(home.databaseFile, querySeconds);
  const ingest = (rows: readonly TelemetryRow[]) => ingestRows(db, rows, clock(), retention);

  return {
    ingest,
    requestServed: (requests) => ingest(requests.flatMap((request) => servedRequestRows(request, workspaceName))),
    async query({ query, timespan }) {
      const now = clock().getTime();
      const since = timespan === undefined ? undefined : Math.round(now - durationMs(timespan));
      const { sql, params, columns } = compileKql(query, now, since);
      const rows = await reader.query(`SELECT * FROM (${sql}) LIMIT ${mostRows}`, params);
      return {
        columns: [...columns],
        rows: rows.map((row) => row.map((value, i) => shown(value, columns[i]?.type ?? 'string'))),
      };
    },
    close: () => reader.close(),
  };
}

/** An ISO 8601 duration such as `PT1H` or `P1DT12H`, in milliseconds; `P1D/…` intervals are not taken. */
function durationMs(text: string): number {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!match || !/\d/.test(text)) {
    throw new MalachiteError('InvalidInput', `"${text}" is no timespan. Write an ISO 8601 duration such as PT1H or P1D.`);
  }
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return ((weeks * 7 + days) * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1000;
}

/** A stored value as the answer shows it. */
function shown(value: Scalar, type: KqlType): TelemetryResult['rows'][number][number] {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'bool':
      return value !== 0;
    case 'datetime':
      return new Date(Number(value)).toISOString();
    case 'timespan':
      return timespanText(Number(value));
    case 'dynamic':
      return String(value);
    default:
      return value;
  }
}

/** `1.02:03:04.5000000`, as Kusto writes it; the fraction only where there is one. */
function timespanText(milliseconds: number): string {
  const total = Math.abs(milliseconds);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const days = Math.floor(total / 86_400_000);
  const clock = [total / 3_600_000 - days * 24, (total / 60_000) % 60, (total / 1000) % 60].map(two).join(':');
  const fraction =
    total % 1000 === 0
      ? ''
      : `.${Math.round((total % 1000) * 10_000)
          .toString()
          .padStart(7, '0')}`;
  return `${milliseconds < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${clock}${fraction}`;
}
