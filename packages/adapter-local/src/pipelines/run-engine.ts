/** Drives the steps of a pipeline run, each as soon as what it needs has finished; goes on where a crash interrupted it. */
import {
  type AutoMLStep,
  asMalachiteError,
  boundStep,
  dependencies,
  jobCompletion,
  MalachiteError,
  type Models,
  type PipelineRun,
  type PipelineRunStep,
  type PipelineSpec,
  parseStepOutput,
  type RegisterModelStep,
  type Training,
  terminalJobStatuses,
  terminalPipelineStatuses,
} from '@malachite/core';
import { generateName } from '../jobs/names.ts';
import type { Context } from '../store/context.ts';
import type { RunRecords } from './run-records.ts';

export type RunEngine = {
  /** Begins to drive a recorded run, or goes on with it. */
  drive(id: string): void;
  cancel(id: string): Promise<void>;
  /** Stops driving; runs stay as they are recorded, to be driven on by the next `open`. */
  close(): Promise<void>;
};

export function openRunEngine(context: Context, records: RunRecords, training: Training, models: Models): RunEngine {
  const driven = new Map<string, Promise<void>>();
  let closed = false;

  const drive = (id: string): void => {
    if (closed || driven.has(id)) return;
    const done = run(id)
      .catch((error) => context.log.error({ pipelineRun: id, err: error }, 'A pipeline run could not be driven'))
      .finally(() => driven.delete(id));
    driven.set(id, done);
  };

  const run = async (id: string): Promise<void> => {
    const spec = records.pipeline(id);
    if (records.get(id).status === 'NotStarted') records.setStatus(id, 'Running');
    const working = new Map<string, Promise<void>>();
    while (!closed) {
      const { steps } = records.get(id);
      const isStopping = records.isCancelRequested(id) || steps.some(({ status }) => status === 'Failed');
      for (const step of steps) {
        const isInterrupted = step.status === 'Running' && !working.has(step.name);
        const isReady = !isStopping && step.status === 'NotStarted' && isNext(spec, steps, step);
        if (!isInterrupted && !isReady) continue;
        working.set(
          step.name,
          work(id, spec, step).finally(() => working.delete(step.name)),
        );
      }
      if (working.size === 0) {
        finish(id);
        return;
      }
      await Promise.race(working.values());
    }
    await Promise.all(working.values());
  };

  /** One step to its end, recorded; a closed workspace leaves it Running. */
  const work = async (id: string, spec: PipelineSpec, { name, jobName }: PipelineRunStep): Promise<void> => {
    const step = spec.jobs[name] as PipelineSpec['jobs'][string];
    try {
      if (step.type === 'automl') await runAutoML(id, name, boundStep(spec, step), jobName);
      else await registerModel(id, name, step);
    } catch (thrown) {
      if (closed) return;
      const { code, message } = asMalachiteError(thrown);
      records.setStep(id, name, { status: code === 'Canceled' ? 'Canceled' : 'Failed', error: { code, message } });
    }
  };

  /** The job's name is recorded before the job is submitted: a crash in between submits it once, not twice. */
  const runAutoML = async (
    id: string,
    name: string,
    { type, ...settings }: AutoMLStep,
    recorded: string | null,
  ): Promise<void> => {
    const jobName = recorded ?? generateName();
    records.setStep(id, name, { status: 'Running', jobName });
    const { experimentName } = records.get(id);
    const isSubmitted = await training.get({ name: jobName }).then(() => true, isNotFound);
    if (!isSubmitted) {
      const properties = { 'azureml.runsource': 'azureml.StepRun', 'azureml.pipelinerunid': id, StepType: 'AutoMLStep' };
      await training.submit({ type, ...settings, name: jobName, displayName: name, experimentName, properties });
      if (records.isCancelRequested(id)) await training.cancel({ name: jobName });
    }
    const { status, error } = await jobCompletion(training, jobName);
    if (status === 'Completed') {
      records.setStep(id, name, { status: 'Finished' });
      return;
    }
    const sentence = error?.message ?? `It ended ${status}.`;
    throw new MalachiteError(status === 'Canceled' ? 'Canceled' : 'Failed', `Job "${jobName}" ended ${status}: ${sentence}`);
  };

  /** Registering the same files again gives the same version, so a crash in between does no harm. */
  const registerModel = async (id: string, name: string, { modelName, path, tags }: RegisterModelStep): Promise<void> => {
    records.setStep(id, name, { status: 'Running' });
    const { step: source, output } = parseStepOutput(path) as { step: string; output: string };
    const jobName = records.get(id).steps.find((step) => step.name === source)?.jobName;
    const model = await models.create({
      name: modelName,
      path: `azureml://jobs/${jobName}/outputs/${output}`,
      tags,
      properties: { 'azureml.pipelinerunid': id },
    });
    records.setStep(id, name, { status: 'Finished', model: `azureml:${model.name}:${model.version}` });
  };

  const finish = (id: string): void => {
    const { steps } = records.get(id);
    for (const { name, status } of steps) {
      if (status === 'NotStarted') records.setStep(id, name, { status: 'Canceled' });
    }
    const ended = (status: PipelineRunStep['status']): boolean => steps.some((step) => step.status === status);
    const status: PipelineRun['status'] = ended('Failed')
      ? 'Failed'
      : ended('Canceled') || ended('NotStarted')
        ? 'Canceled'
        : 'Finished';
    records.setStatus(id, status);
  };

  return {
    drive,
    async cancel(id) {
      const { status, steps } = records.get(id);
      if (terminalPipelineStatuses.has(status)) {
        throw new MalachiteError('Conflict', `Pipeline run "${id}" is ${status} already.`);
      }
      records.requestCancel(id);
      for (const step of steps) {
        if (step.status !== 'Running' || step.jobName === null) continue;
        const job = await training.get({ name: step.jobName }).catch(isNotFound);
        if (job && !terminalJobStatuses.has(job.status)) await training.cancel({ name: job.name });
      }
    },
    async close() {
      closed = true;
      await Promise.all(driven.values());
    },
  };
}

function isNext(spec: PipelineSpec, steps: readonly PipelineRunStep[], { name }: PipelineRunStep): boolean {
  const needed = dependencies(spec.jobs[name] as PipelineSpec['jobs'][string]);
  return needed.every((other) => steps.find((step) => step.name === other)?.status === 'Finished');
}

function isNotFound(thrown: unknown): false {
  if (asMalachiteError(thrown).code === 'NotFound') return false;
  throw thrown;
}
