/** `job create -f job.yml`: the `type` of the file decides what it is. */
import { type AutoMLJob, MalachiteError } from '@malachite/core';
import { readAutoMLJob } from './automl-job.ts';
import type { YamlDocument } from './document.ts';
import { type PipelineFile, readPipeline } from './pipeline.ts';

export type JobFile = { readonly type: 'automl'; readonly job: AutoMLJob } | ({ readonly type: 'pipeline' } & PipelineFile);

const kinds = ['command', 'sweep', 'pipeline', 'automl', 'spark', 'import', 'finetuning', 'distillation'];

export function readJob(document: YamlDocument): JobFile {
  const type = document.root.text('type') ?? 'command';
  if (type === 'automl') return { type, job: readAutoMLJob(document) };
  if (type === 'pipeline') return { type, ...readPipeline(document) };
  if (!kinds.includes(type))
    throw new MalachiteError('InvalidInput', `Unsupported job type: ${type}. Malachite runs automl and pipeline.`);
  throw new MalachiteError('NotSupported', `Jobs of type "${type}" are not there yet; Malachite runs automl and pipeline.`);
}
