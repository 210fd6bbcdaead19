/**
 * Takes one job through its process: prepared, run, finished; started again from its last trial when the process crashes.
 *
 * Its time budget is wall-clock time, as on Azure: preparing, crashes and restarts of its process count. What a job waits in the queue
 * does not, nor does the time in which the workspace was closed.
 */
import { join } from 'node:path';
import { asMalachiteError, type ErrorCode, type Job, terminalJobStatuses } from '@malachite/core';
import { endOrphan } from '../child-process.ts';
import type { Reading } from '../datasets/reading.ts';
import type { Context } from '../store/context.ts';
import { type JobProcess, startJobProcess } from './job-process.ts';
import type { JobRecords } from './job-records.ts';
import type { JobReport } from './process-messages.ts';
import { searchSpec } from './submission.ts';

/** A process that crashes more often than this is not started again. */
const maxRestarts = 3;
/** How exactly the time that a job has used outlives the workspace. */
const timekeepingMs = 1000;
/** The engine stops within a second when it is asked to. */
const cancelGraceMs = 10_000;

export type JobRun = {
  /** Settles when the job has ended, or the run was given up by `abandon`. */
  readonly done: Promise<void>;
  cancel(): void;
  /** Ends the process and leaves the job as it is recorded, to be resumed by the next `open`. */
  abandon(): void;
};

export type JobInputs = {
  readonly training: Reading;
  readonly validation: Reading | undefined;
  readonly test: Reading | undefined;
};

/** @param inputsOf finds the files of a job's data. */
export function runJob(context: Context, records: JobRecords, name: string, inputsOf: (job: Job) => Promise<JobInputs>): JobRun {
  let process: JobProcess | undefined;
  let abandoned = false;
  const began = performance.now();
  const { usedSeconds: usedBefore } = records.progress(name);
  const usedSeconds = (): number => usedBefore + (performance.now() - began) / 1000;
  const timekeeping = setInterval(() => keepTime(), timekeepingMs);

  /** A report that cannot be recorded (a full disk) must not look recorded: the process ends, and what it lost is done again. */
  const hear = (report: JobReport): void => {
    try {
      record(records, name, report);
    } catch (error) {
      context.log.error({ job: name, err: error }, `The report "${report.type}" of a job could not be recorded`);
      process?.kill();
    }
  };

  const keepTime = (): void => {
    try {
      records.setUsedSeconds(name, usedSeconds());
    } catch (error) {
      context.log.error({ job: name, err: error }, 'The time that a job has used could not be recorded');
    }
  };

  const attempt = async (): Promise<string> => {
    const job = records.get(name);
    const inputs = await inputsOf(job);
    if (abandoned || records.get(name).status === 'CancelRequested') return 'was not started';
    process = startJobProcess(
      {
        type: 'start',
        jobName: name,
        spec: searchSpec(job.spec),
        ...inputs,
        finished: records.storedTrials(name),
        usedSeconds: usedSeconds(),
        blobsFolder: context.home.blobsFolder,
      },
      jobLogFile(context, name),
      hear,
    );
    records.setProcess(name, process.identity);
    return process.ended;
  };

  const run = async (): Promise<void> => {
    records.setStatus(name, 'Preparing');
    while (true) {
      const end = await attempt();
      process = undefined;
      if (abandoned) return;
      records.setProcess(name, null);
      const { status } = records.get(name);
      if (terminalJobStatuses.has(status)) return;
      if (status === 'CancelRequested') {
        records.setStatus(name, 'Canceled');
        return;
      }
      const { restarts } = records.progress(name);
      const trials = records.trials(name).length;
      if (restarts >= maxRestarts) {
        const message = `The job process ${end}, after ${restarts} restarts. ${trials} finished trials are kept; see std_log.txt.`;
        fail(records, name, { code: 'Failed', message });
        return;
      }
      const message = `The job process ${end}; it is started again and goes on from ${trials} finished trials (restart ${restarts + 1} of ${maxRestarts}).`;
      context.log.warn({ job: name }, message);
      records.restarting(name, message);
    }
  };

  const done = run()
    .catch((thrown) => {
      context.log.error({ job: name, err: thrown }, 'A job could not be run');
      fail(records, name, asMalachiteError(thrown));
    })
    // A disk so full that not even this can be recorded: the job is taken up again when the home is opened next.
    .catch((error) => context.log.error({ job: name, err: error }, 'The failure of a job could not be recorded'))
    .finally(() => {
      clearInterval(timekeeping);
      keepTime();
    });
  return {
    done,
    cancel: () => process?.cancel(cancelGraceMs),
    abandon() {
      abandoned = true;
      process?.kill();
    },
  };
}

/** Where a job's process prints. */
export function jobLogFile({ home }: Context, name: string): string {
  return join(home.logsFolder, 'jobs', `${name}.log`);
}

/**
 * What an earlier owner of the home left: its job processes are ended, should one still run; jobs that ran are queued
 * again, to go on from their finished trials; jobs that were to stop have stopped.
 */
export function recoverJobs(records: JobRecords): void {
  for (const { name, status } of records.withStatus(['Preparing', 'Running', 'Finalizing', 'CancelRequested'])) {
    endOrphan(records.progress(name).process);
    records.setProcess(name, null);
    if (status === 'CancelRequested') {
      records.setStatus(name, 'Canceled');
      continue;
    }
    const message = `The workspace was closed while the job was ${status}; it goes on from ${records.trials(name).length} finished trials.`;
    records.setStatus(name, 'Queued', { message });
  }
}

function record(records: JobRecords, name: string, report: JobReport): void {
  const isStopping = records.get(name).status === 'CancelRequested';
  switch (report.type) {
    case 'running':
      if (!isStopping) records.setStatus(name, 'Running');
      break;
    case 'finalizing':
      if (!isStopping) records.setStatus(name, 'Finalizing');
      break;
    case 'phase':
      records.event(name, { type: 'phase', phase: report.phase, description: report.description });
      break;
    case 'guardrails':
      records.event(name, { type: 'guardrails', guardrails: report.guardrails });
      break;
    case 'log':
      records.event(name, { type: 'log', level: report.level, message: report.message });
      break;
    case 'trial':
      records.trial(name, report.stored, report.bestScore);
      break;
    case 'completed':
      records.completed(name, report.outcome, report.files);
      break;
    case 'canceled':
      records.setStatus(name, 'Canceled');
      break;
    case 'failed':
      fail(records, name, report);
  }
}

function fail(records: JobRecords, name: string, { code, message }: { code: ErrorCode; message: string }): void {
  records.setStatus(name, 'Failed', { message, error: { code, message } });
}
