/** Follows a job on stderr until it ends. */
import { type Job, type JobEvent, type Training, terminalJobStatuses } from '@malachite/core';
import type { Context } from '../cli/command.ts';
import { guardrailLines } from './guardrails.ts';
import { iterationHeader, iterationLine } from './iteration-table.ts';

/** Prints what happened and what happens; a job that ends otherwise than Completed makes the call fail. */
export async function followJob(context: Context, training: Training, name: string): Promise<Job> {
  const lines = jobLines();
  for await (const event of training.events({ name })) {
    for (const line of lines(event)) context.note(line);
    if (event.type === 'status' && terminalJobStatuses.has(event.status)) break;
  }
  const job = await training.get({ name });
  if (job.status !== 'Completed') context.failed(`Job "${name}" is ${job.status}${job.error ? `: ${job.error.message}` : '.'}`);
  return job;
}

/** The lines of each event; the header of the iteration table comes before the first trial. */
function jobLines(): (event: JobEvent) => string[] {
  let headed = false;
  return (event) => {
    switch (event.type) {
      case 'status':
        return [`Current status: ${event.status}${event.message ? `. ${event.message}` : ''}`];
      case 'phase':
        return [`Current status: ${event.phase}. ${event.description}`];
      case 'guardrails':
        return guardrailLines(event.guardrails);
      case 'log':
        return event.level === 'debug' ? [] : [event.message];
      case 'trial': {
        const line = iterationLine(event.trial, event.bestScore);
        const lines = headed ? [line] : [...iterationHeader, line];
        headed = true;
        return lines;
      }
    }
  };
}
