import { MalachiteError } from '@malachite/core';
import { uploadPipelineInputs } from '../../assets/create-data.ts';
import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, setFlag } from '../../cli/flags.ts';
import { readPipeline } from '../../yaml/index.ts';
import { readSpecification } from '../specification.ts';
import { pipelineColumns } from './columns.ts';

export const pipelinePublish: Command = {
  name: 'publish',
  describe: 'Publish a pipeline behind a REST endpoint.',
  options: [fileFlag, setFlag, nameFlag, { flags: '--description <text>', describe: 'A description.' }],
  example: 'malachite pipeline publish -f pipeline.yml -n bank-train',
  columns: pipelineColumns,
  async run(context) {
    const { flags } = context;
    flags.required('file');
    const file = await readSpecification(context, readPipeline, { description: flags.text('description') });
    const name = flags.text('name') ?? file.name;
    if (name === undefined) throw new MalachiteError('InvalidInput', 'A name is required: --name, or "name" in the file.');
    const workspace = await context.workspace();
    const pipeline = await uploadPipelineInputs(workspace, file.pipeline);
    return workspace.pipelines.publish({ name, description: pipeline.description, pipeline });
  },
};
