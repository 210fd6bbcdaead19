import { resolve } from 'node:path';
import { modelTypes } from '@malachite/core';
import { createModel } from '../../assets/create-model.ts';
import type { Command } from '../../cli/command.ts';
import { fileFlag, nameFlag, setFlag } from '../../cli/flags.ts';
import { readModel } from '../../yaml/index.ts';
import { isReference } from '../../yaml/references.ts';
import { readSpecification } from '../specification.ts';
import { modelColumns } from './columns.ts';

export const modelCreate: Command = {
  name: 'create',
  describe: 'Register a model from a local file or folder, or from the output of a job.',
  options: [
    fileFlag,
    setFlag,
    nameFlag,
    { flags: '-v, --version <version>', describe: 'The version. Default: the next whole number.' },
    { flags: '-p, --path <path>', describe: 'A local path, or azureml://jobs/NAME/outputs/best_model.' },
    { flags: '-t, --type <type>', describe: `${modelTypes.join(' or ')}.` },
    { flags: '--description <text>', describe: 'A description.' },
  ],
  example: 'malachite model create -n bank --path model.onnx --type custom_model',
  columns: modelColumns,
  async run(context) {
    const { flags } = context;
    const path = flags.text('path');
    const model = await readSpecification(context, readModel, {
      name: flags.text('name'),
      version: flags.text('version'),
      path: path && (isReference(path) ? path : resolve(path)),
      type: flags.text('type'),
      description: flags.text('description'),
    });
    return createModel(await context.workspace(), model);
  },
};
