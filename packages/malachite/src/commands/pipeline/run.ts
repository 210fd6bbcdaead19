import type { DataInput } from '@malachite/core';
import { MalachiteError } from '@malachite/core';
import type { Command } from '../../cli/command.ts';
import { followPipelineRun } from '../../console/follow-pipeline-run.ts';
import { runColumns } from './columns.ts';
import { pipelineIdFlag } from './flags.ts';

export const pipelineRun: Command = {
  name: 'run',
  describe: 'Run a published pipeline, and follow it until it ends.',
  options: [
    pipelineIdFlag,
    { flags: '-e, --experiment-name <name>', describe: 'The experiment of the run.' },
    {
      flags: '--input <name=reference...>',
      describe: 'Replaces inputs, such as bank=azureml:bank:2. Can be repeated.',
    },
    { flags: '--no-wait', describe: 'Return at once; the run goes on.' },
  ],
  example: 'malachite pipeline run -n bank-train --input bank=azureml:bank:2',
  columns: runColumns,
  async run(context) {
    const { flags } = context;
    const { pipelines } = await context.workspace();
    const inputs = flags.all('input').map(parseInput);
    const run = await pipelines.submit({
      id: flags.required('name'),
      experimentName: flags.text('experiment-name'),
      ...(inputs.length > 0 ? { inputs: Object.fromEntries(inputs) } : {}),
    });
    return flags.is('no-wait') ? run : followPipelineRun(context, pipelines, run.id);
  },
};

function parseInput(text: string): [string, DataInput] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new MalachiteError('InvalidInput', `--input takes NAME=azureml:DATA:VERSION; not "${text}".`);
  return [text.slice(0, equals), { path: text.slice(equals + 1) }];
}
