import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { followJob } from '../../console/follow-job.ts';
import { followPipelineRun } from '../../console/follow-pipeline-run.ts';
import { findJob, pipelineJob } from '../../jobs/pipeline-job.ts';
import { jobColumns } from './columns.ts';

export const jobStream: Command = {
  name: 'stream',
  describe: 'Follow a job or a pipeline run until it ends; what happened before is told first.',
  options: [nameFlag],
  example: 'malachite job stream -n NAME',
  columns: jobColumns,
  async run(context) {
    const workspace = await context.workspace();
    const { name, type } = await findJob(workspace, context.flags.required('name'));
    if (type === 'pipeline') return pipelineJob(await followPipelineRun(context, workspace.pipelines, name));
    return followJob(context, workspace.training, name);
  },
};
