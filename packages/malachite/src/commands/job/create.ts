import { uploadInput, uploadPipelineInputs } from '../../assets/create-data.ts';
import type { Command, Context } from '../../cli/command.ts';
import { fileFlag, nameFlag, setFlag } from '../../cli/flags.ts';
import { followJob } from '../../console/follow-job.ts';
import { followPipelineRun } from '../../console/follow-pipeline-run.ts';
import { pipelineJob } from '../../jobs/pipeline-job.ts';
import { type JobFile, readJob } from '../../yaml/index.ts';
import { readSpecification } from '../specification.ts';
import { jobColumns } from './columns.ts';

export const jobCreate: Command = {
  name: 'create',
  describe: 'Submit a job: AutoML, or a pipeline.',
  options: [
    { ...fileFlag, flags: '-f, --file <yaml>' },
    setFlag,
    nameFlag,
    { flags: '-s, --stream', describe: 'Follow the job until it ends.' },
    { flags: '-e, --experiment-name <name>', describe: 'The experiment.' },
  ],
  example: 'malachite job create -f automl-job.yml --stream',
  columns: jobColumns,
  async run(context) {
    const { flags } = context;
    flags.required('file');
    const file = await readSpecification(context, readJob, {
      name: flags.text('name'),
      experiment_name: flags.text('experiment-name'),
    });
    return file.type === 'automl' ? submitAutoML(context, file) : submitPipeline(context, file);
  },
};

async function submitAutoML(context: Context, { job }: Extract<JobFile, { type: 'automl' }>) {
  const workspace = await context.workspace();
  const submitted = await workspace.training.submit({
    ...job,
    trainingData: await uploadInput(workspace, job.trainingData),
    validationData: await uploadInput(workspace, job.validationData),
    testData: await uploadInput(workspace, job.testData),
  });
  if (!context.flags.is('stream')) return submitted;
  return followJob(context, workspace.training, submitted.name);
}

async function submitPipeline(context: Context, { pipeline, experimentName }: Extract<JobFile, { type: 'pipeline' }>) {
  const workspace = await context.workspace();
  const run = await workspace.pipelines.submit({ pipeline: await uploadPipelineInputs(workspace, pipeline), experimentName });
  return pipelineJob(context.flags.is('stream') ? await followPipelineRun(context, workspace.pipelines, run.id) : run);
}
