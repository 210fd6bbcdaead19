import type { Command } from '../../cli/command.ts';
import { assetVersion, nameFlag, versionFlags } from '../../cli/flags.ts';

export const dataQuery: Command = {
  name: 'query',
  describe: 'Ask one SELECT over a data asset; the table is called "data".',
  arguments: [['<sql>', "A SELECT in DuckDB's SQL."]],
  options: [nameFlag, ...versionFlags, { flags: '--limit <rows>', describe: 'At most this many rows. Default 1000.' }],
  example: 'malachite data query -n bank "select job, count(*) as calls from data group by job"',
  async run(context) {
    return (await context.workspace()).datasets.query({
      name: context.flags.required('name'),
      version: assetVersion(context.flags),
      sql: context.arguments[0] ?? '',
      limit: context.flags.integer('limit', { min: 1, max: 100_000 }),
    });
  },
};
