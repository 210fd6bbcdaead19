/** A pipeline job of Azure's, its run and the runs of its nodes, as one run of core's. */
import type { JobBase, PipelineJob } from '@azure/arm-machinelearning';
import {
  type PipelineRun,
  type PipelineRunStep,
  type PipelineSpec,
  type RunSource,
  terminalPipelineStatuses,
} from '@malachite/core';
import { createdAtOf, ownProperty, textsOf } from '../forms.ts';
import { errorOf, type Run, timeOf } from '../run.ts';

type Status = PipelineRun['status'];

/** A node by its name: Azure calls the run of a node so. */
const runOfNode = (children: readonly Run[], node: string): Run | undefined =>
  children.find(({ displayName }) => displayName === node);

/** @param children The runs right below the job's. */
export function toPipelineRun(
  { name = '', properties, systemData }: JobBase,
  run: Run | undefined,
  children: readonly Run[],
): PipelineRun {
  const job = properties as PipelineJob;
  const kept = ownProperty(job.properties, 'pipeline');
  const status = statusOf(job.status);
  const steps = kept
    ? Object.entries((JSON.parse(kept) as PipelineSpec).jobs).map(([step, { type }]) => ({ step, type }))
    : Object.keys(job.jobs ?? {}).map((step) => ({ step, type: 'automl' as const }));
  return {
    id: name,
    experimentName: job.experimentName ?? 'Default',
    pipelineId: ownProperty(job.properties, 'pipelineId') ?? null,
    status,
    runSource: (ownProperty(job.properties, 'runSource') as RunSource | undefined) ?? 'SDK',
    properties: textsOf(job.properties),
    steps: steps.map(({ step, type }) =>
      type === 'automl' ? nodeStep(step, status, runOfNode(children, step)) : registerStep(step, status, run),
    ),
    createdAt: createdAtOf(systemData),
    startTime: timeOf(run?.startTimeUtc),
    endTime: terminalPipelineStatuses.has(status) ? timeOf(run?.endTimeUtc) : null,
  };
}

function nodeStep(name: string, pipeline: Status, run: Run | undefined): PipelineRunStep {
  const status = run ? statusOf(run.status) : notRun(pipeline);
  return {
    name,
    type: 'automl',
    status,
    jobName: run?.runId ?? null,
    model: null,
    startTime: timeOf(run?.startTimeUtc),
    endTime: terminalPipelineStatuses.has(status) ? timeOf(run?.endTimeUtc) : null,
    error: errorOf(run),
  };
}

/** Azure registers an output when the pipeline is done, and tells it as the run's. */
function registerStep(name: string, pipeline: Status, run: Run | undefined): PipelineRunStep {
  const [, model, version] = /\/models\/([^/]+)\/versions\/([^/]+)$/.exec(run?.outputs?.[name]?.assetId ?? '') ?? [];
  const isDone = pipeline === 'Finished';
  return {
    name,
    type: 'register_model',
    status: isDone ? 'Finished' : notRun(pipeline),
    jobName: null,
    model: isDone && model !== undefined ? `azureml:${model}:${version}` : null,
    startTime: null,
    endTime: isDone ? timeOf(run?.endTimeUtc) : null,
    error: null,
  };
}

/** Of a step that has not begun: it will, unless the pipeline has ended without it. */
const notRun = (pipeline: Status): Status => (terminalPipelineStatuses.has(pipeline) ? 'Canceled' : 'NotStarted');

function statusOf(status = 'NotStarted'): Status {
  if (status === 'Completed' || status === 'Finished') return 'Finished';
  return status === 'Failed' || status === 'Canceled' || status === 'NotStarted' ? status : 'Running';
}
