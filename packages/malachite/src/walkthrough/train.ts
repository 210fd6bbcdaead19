/** Steps 3 to 6: compute, and an AutoML run with its guardrails and leaderboard. */
import {
  type AutoMLResult,
  type ComputeTarget,
  type Dataset,
  type Guardrail,
  jobCompletion,
  MalachiteError,
  type Trial,
  type Workspace,
} from '@malachite/core';
import { pipelineName, scoreText } from '../console/iteration-table.ts';
import type { Problem } from './register-data.ts';
import type { Told } from './story.ts';

export async function createCompute(workspace: Workspace, name: string): Promise<Told<ComputeTarget>> {
  const compute = await workspace.compute.create({ name, type: 'amlcompute', minInstances: 0, maxInstances: 2 });
  return {
    value: compute,
    outcome: `${compute.name}, ${compute.minInstances} to ${compute.maxInstances} nodes, ${compute.provisioningState}`,
  };
}

type TrainOptions = {
  readonly dataset: Dataset;
  readonly problem: Problem;
  readonly compute: ComputeTarget;
  readonly timeoutMinutes: number;
  readonly progress: (line: string) => void;
};

export type Trained = { readonly jobName: string; readonly result: AutoMLResult; readonly best: Trial };

/** Submits the job and tells each trial as it ends. `Failed` when the job ends otherwise than Completed. */
export async function train(workspace: Workspace, options: TrainOptions): Promise<Told<Trained>> {
  const { dataset, problem, compute, timeoutMinutes, progress } = options;
  const { training } = workspace;
  const { name } = await training.submit({
    type: 'automl',
    experimentName: `${dataset.name}-automl`,
    compute: compute.name,
    task: problem.task,
    trainingData: { type: 'uri_file', path: `azureml:${dataset.name}:${dataset.version}` },
    targetColumnName: problem.target,
    limits: { timeoutMinutes },
  });
  for await (const event of training.events({ name })) {
    if (event.type === 'phase') progress(event.description);
    if (event.type === 'trial')
      progress(`${pipelineName(event.trial)}: ${scoreText(event.trial.score)}, best ${scoreText(event.bestScore)}`);
  }
  const job = await jobCompletion(training, name);
  const result = await training.result({ name });
  const best = result.trials.find((trial) => trial.name === result.bestTrial);
  if (job.status !== 'Completed' || best === undefined) {
    throw new MalachiteError('Failed', `Job "${name}" is ${job.status}: ${job.error?.message ?? 'no trial was completed'}.`);
  }
  const outcome = `${result.trials.length} trials; best ${pipelineName(best)}, ${result.primaryMetric} ${scoreText(best.score)}`;
  return { value: { jobName: name, result, best }, outcome };
}

/** One line of all guardrails: those that say something by name, the others by number. */
export function guardrailsTold(guardrails: readonly Guardrail[]): Told<readonly Guardrail[]> {
  const alerted = guardrails.filter(({ result }) => result === 'alerted').map(({ friendlyType }) => friendlyType);
  const count = (wanted: Guardrail['result']) => guardrails.filter(({ result }) => result === wanted).length;
  const outcome = `${count('passed')} passed, ${count('done')} done, ${alerted.length} alerted${alerted.length > 0 ? `: ${alerted.join(', ')}` : ''}`;
  return { value: guardrails, outcome };
}
