/** Follows a pipeline run on stderr until it ends, a line for each change of a step. */
import type { PipelineRun, Pipelines } from '@malachite/core';
import type { Context } from '../cli/command.ts';
import { renderTable } from '../cli/table.ts';

/** A run that ends otherwise than Finished makes the call fail. */
export async function followPipelineRun(context: Context, pipelines: Pipelines, id: string): Promise<PipelineRun> {
  const said = new Map<string, string>();
  let last: PipelineRun | undefined;
  for await (const run of pipelines.watchRun({ id })) {
    last = run;
    for (const line of changes(run, said)) context.note(line);
  }
  const run = last ?? (await pipelines.run({ id }));
  if (run.status !== 'Finished') {
    const reasons = run.steps.flatMap(({ name, error }) => (error ? [`step "${name}": ${error.message}`] : []));
    context.failed(`Pipeline run ${id} is ${run.status}${reasons.length > 0 ? `: ${reasons.join('; ')}` : '.'}`);
  }
  return run;
}

/** A run and its steps as a table. */
export function pipelineRunText(run: PipelineRun): string {
  const rows = run.steps.map((step) => [step.name, step.type, step.status, step.jobName ?? step.model, step.error?.message]);
  return `${run.id}  ${run.experimentName}  ${run.status}\n\n${renderTable(['step', 'type', 'status', 'made', 'error'], rows)}`;
}

/** What is new since the last time; `said` remembers it. */
function changes(run: PipelineRun, said: Map<string, string>): string[] {
  const states = [
    ...run.steps.map((step) => [`step ${step.name}`, stepState(step)] as const),
    [`run ${run.id}`, run.status] as const,
  ];
  const fresh = states.filter(([what, state]) => said.get(what) !== state && state !== 'NotStarted');
  for (const [what, state] of fresh) said.set(what, state);
  return fresh.map(([what, state]) => `${what}: ${state}`);
}

function stepState({ status, jobName, model }: PipelineRun['steps'][number]): string {
  const made = model ?? jobName;
  return made ? `${status} (${made})` : status;
}
