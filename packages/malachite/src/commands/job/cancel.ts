import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { findJob, pipelineJob } from '../../jobs/pipeline-job.ts';
import { jobColumns } from './columns.ts';

export const jobCancel: Command = {
  name: 'cancel',
  describe: 'Ask a job or a pipeline run to stop; finished trials are kept.',
  options: [nameFlag],
  example: 'malachite job cancel -n NAME',
  columns: jobColumns,
  async run({ flags, workspace }) {
    const opened = await workspace();
    const { name, type } = await findJob(opened, flags.required('name'));
    if (type === 'pipeline') return pipelineJob(await opened.pipelines.cancelRun({ id: name }));
    return opened.training.cancel({ name });
  },
};
