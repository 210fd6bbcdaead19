/** Pipeline runs among jobs: Azure ML lists both as jobs, here they are two ports. */
import { asMalachiteError, type Job, type JobStatus, type PipelineRun, type Workspace } from '@malachite/core';

/** A run with a job's fields in front: its id is its name, `Finished` is `Completed`. */
export type PipelineJob = Omit<PipelineRun, 'status'> & {
  readonly name: string;
  readonly type: 'pipeline';
  readonly displayName: string;
  readonly status: JobStatus;
};

export type AnyJob = Job | PipelineJob;

export function pipelineJob(run: PipelineRun): PipelineJob {
  const { status, ...rest } = run;
  return {
    name: run.id,
    type: 'pipeline',
    displayName: run.steps.map(({ name }) => name).join(', '),
    status: status === 'Finished' ? 'Completed' : status,
    ...rest,
  };
}

/** The jobs and the pipeline runs, newest first. */
export async function listJobs(
  { training, pipelines, supports }: Workspace,
  wanted: { readonly experimentName?: string; readonly status?: JobStatus },
): Promise<AnyJob[]> {
  const [jobs, runs] = await Promise.all([training.list(wanted), supports.pipelines ? pipelines.runs({}) : []]);
  const among = runs
    .map(pipelineJob)
    .filter(({ experimentName }) => wanted.experimentName === undefined || experimentName === wanted.experimentName)
    .filter(({ status }) => wanted.status === undefined || status === wanted.status);
  return [...jobs, ...among].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** What a name means: a job, or a pipeline run by its id. `NotFound` when it is neither. */
export async function findJob({ training, pipelines, supports }: Workspace, name: string): Promise<AnyJob> {
  try {
    return await training.get({ name });
  } catch (thrown) {
    if (!supports.pipelines || !isNotFound(thrown)) throw thrown;
    const run = await pipelines.run({ id: name }).catch((other: unknown) => {
      throw isNotFound(other) ? thrown : other;
    });
    return pipelineJob(run);
  }
}

const isNotFound = (thrown: unknown) => asMalachiteError(thrown).code === 'NotFound';
