import type { Flag } from '../../cli/flags.ts';

export const pipelineIdFlag: Flag = { flags: '-n, --name <name>', describe: 'The name, or the id, of a published pipeline.' };
export const runIdFlag: Flag = { flags: '--run-id <id>', describe: 'The id of the run.' };
