/** What happened: requests, traces, exceptions and metrics, asked in Azure Monitor's query language. */
import { type Static, Type } from 'typebox';
import { Nullable, Strict } from './schema.ts';

/** The tables, with Application Insights' and Azure ML's own names and columns. */
export const telemetryTables = ['requests', 'traces', 'exceptions', 'customMetrics', 'AmlOnlineEndpointTrafficLog'] as const;
export type TelemetryTable = (typeof telemetryTables)[number];

export const TelemetryQuery = Strict({
  query: Type.String({
    minLength: 1,
    description: 'KQL: one table, then where, project, extend, summarize, order by, take, top, count, distinct.',
  }),
  timespan: Type.Optional(
    Type.String({ description: 'ISO 8601 duration back from now, such as PT1H or P1D; without it, everything kept.' }),
  ),
});
export type TelemetryQuery = Static<typeof TelemetryQuery>;

export const TelemetryResult = Type.Object({
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String({ description: 'KQL type: string, long, real, bool, datetime, dynamic.' }),
    }),
  ),
  rows: Type.Array(Type.Array(Nullable(Type.Union([Type.Number(), Type.String(), Type.Boolean()])))),
});
export type TelemetryResult = Static<typeof TelemetryResult>;

export interface Telemetry {
  /**
   * Rows of one table. `InvalidInput` points at the word of the query that is not understood.
   *
   *     await workspace.telemetry.query({ query: 'requests | where success == false | top 10 by timestamp desc' });
   */
  query(input: TelemetryQuery): Promise<TelemetryResult>;
}
