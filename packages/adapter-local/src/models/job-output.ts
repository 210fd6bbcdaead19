/** The files that a reference to a job's output names, and what is known of the trial they come from. */
import { MalachiteError, type Metrics, type Parity, parseJobOutput } from '@malachite/core';
import type { JobRecords } from '../jobs/job-records.ts';
import { bestModelFolder, trialModelPath, trialPicklePath } from '../jobs/trial-store.ts';
import type { StoredFile } from '../store/assets.ts';
import { mlflowModelFolder } from './mlflow-model.ts';

export type JobOutput = {
  /** With paths inside the output. */
  readonly files: readonly StoredFile[];
  readonly jobName: string;
  readonly trialName: string | null;
  readonly metrics: Metrics | null;
  readonly parity: Parity | null;
};

/**
 * `azureml://jobs/NAME/outputs/best_model`, `azureml://jobs/NAME_3/outputs/mlflow-model`, `runs:/NAME_3/outputs/model.onnx`:
 * an output is a file or a folder of the job or trial, with or without the leading `outputs/`.
 * @throws `NotFound` for a job, trial or output that does not exist; `InvalidInput` for another form of reference.
 */
export function jobOutput(reference: string, records: JobRecords): JobOutput {
  const parsed = parseJobOutput(reference);
  if (!parsed) {
    throw new MalachiteError(
      'InvalidInput',
      `"${reference}" is not an output of a job. Write azureml://jobs/NAME/outputs/best_model, or give files.`,
    );
  }
  const { job: run, output } = parsed;
  const ofTrial = records.trialNamed(run);
  const jobName = ofTrial?.job ?? records.get(run).name;
  const files = filesOf(records.artifacts(run), run, output);
  const trial =
    ofTrial?.trial ?? (isBestModel(output) ? records.trialNamed(records.outcome(run)?.bestTrial ?? '')?.trial : undefined);
  const isModel = isBestModel(output) || [trialModelPath, trialPicklePath, mlflowModelFolder].some((path) => same(path, output));
  if (!trial || !isModel) return { files, jobName, trialName: null, metrics: null, parity: null };
  return { files, jobName, trialName: trial.name, metrics: trial.metrics, parity: trial.parity };
}

function isBestModel(output: string): boolean {
  return same(output, bestModelFolder) || withOutputs(output).startsWith(`${bestModelFolder}/`);
}

function same(a: string, b: string): boolean {
  return withOutputs(a) === withOutputs(b);
}

function withOutputs(path: string): string {
  return path.startsWith('outputs/') ? path : `outputs/${path}`;
}

function filesOf(artifacts: readonly StoredFile[], run: string, output: string): StoredFile[] {
  for (const path of [output, withOutputs(output)]) {
    const file = artifacts.find((artifact) => artifact.path === path);
    if (file) return [{ ...file, path: path.slice(path.lastIndexOf('/') + 1) }];
    const inside = artifacts.filter((artifact) => artifact.path.startsWith(`${path}/`));
    if (inside.length > 0) return inside.map((artifact) => ({ ...artifact, path: artifact.path.slice(path.length + 1) }));
  }
  const paths = artifacts.map(({ path }) => path).join(', ');
  throw new MalachiteError('NotFound', `"${run}" has no output "${output}". Its files: ${paths || 'none (yet)'}.`);
}
