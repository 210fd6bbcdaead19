import { telemetryTables } from '@malachite/core';
import type { Command } from '../../cli/command.ts';

export const logsQuery: Command = {
  name: 'query',
  describe: `Ask what happened, in Azure Monitor's query language. Tables: ${telemetryTables.join(', ')}.`,
  arguments: [['<kql>', 'A query: one table, then where, project, summarize, order by, take, …']],
  options: [{ flags: '-t, --timespan <duration>', describe: 'Back from now, ISO 8601: PT1H, P1D. Default: everything kept.' }],
  example: "malachite logs query 'requests | where success == false | top 10 by timestamp desc'",
  async run(context) {
    return (await context.workspace()).telemetry.query({
      query: context.arguments[0] ?? '',
      timespan: context.flags.text('timespan'),
    });
  },
};
