/** Outputs of a pipeline job: names for outputs of its nodes, which are where the files lie. */
import type { Facade } from '../facade.ts';
import { objectAt } from '../resource.ts';
import { findPipeline, type PipelineJob } from './pipeline-jobs.ts';
import { sourceOf } from './pipeline-of-arm.ts';

/** An output of a job: `best_model` of `lucid_arch_at4vp8qvtm`. */
export type JobOutput = { readonly job: string; readonly output: string };

/** By the pipeline's names for them; of nodes that have not begun there is nothing yet. */
export function outputsOf({ run, kept }: PipelineJob): ReadonlyMap<string, JobOutput> {
  const properties = objectAt(kept, 'properties');
  const jobs = objectAt(properties, 'jobs') ?? {};
  const found = new Map<string, JobOutput>();
  for (const name of Object.keys(objectAt(properties, 'outputs') ?? {})) {
    const [, node, output] = /^\$\{\{parent\.jobs\.(.+)\.outputs\.(.+)\}\}$/.exec(sourceOf(name, jobs) ?? '') ?? [];
    const job = run.steps.find((step) => step.name === node)?.jobName;
    if (job && output) found.set(name, { job, output });
  }
  return found;
}

/** The node's output that a pipeline's stands for; any other output is itself. */
export async function resolveOutput(facade: Facade, asked: JobOutput): Promise<JobOutput> {
  const pipeline = await findPipeline(facade, asked.job);
  return (pipeline && outputsOf(pipeline).get(asked.output.replace(/\/+$/, ''))) ?? asked;
}
