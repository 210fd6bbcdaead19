/**
 * A job process: reads the job's data, searches, keeps each finished trial in the blob store and reports it. Started by
 * `job-process.ts`; it lives no longer than the channel to the workspace.
 */
import { type AutoMLEvent, automl } from '@malachite/automl';
import { asMalachiteError } from '@malachite/core';
import { readTable } from '../datasets/read-table.ts';
import { openBlobs } from '../store/blobs.ts';
import { azureConsole } from './console.ts';
import type { JobOrder, JobReport } from './process-messages.ts';
import { endOfReading, writingSeconds } from './time-budget.ts';
import { restoreTrial, storeJobFiles, storeTrial } from './trial-store.ts';

type Start = Extract<JobOrder, { type: 'start' }>;

const cancellation = new AbortController();
/** Ctrl-C on a terminal reaches every process of the group; the workspace decides when this one ends. */
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(1));
process.on('message', (order: JobOrder) => {
  if (order.type === 'cancel') cancellation.abort();
  else void work(order);
});

async function work(start: Start): Promise<void> {
  const blobs = openBlobs(start.blobsFolder);
  const print = azureConsole((text) => process.stdout.write(`${text}\n`));
  // The clock of this process began when it was started.
  const usedSeconds = (): number => start.usedSeconds + performance.now() / 1000;

  // Bytes are written while the search goes on, but reported in the order in which things happened.
  let reported = Promise.resolve();
  const report = (news: JobReport | (() => Promise<JobReport>)): void => {
    const ready = typeof news === 'function' ? news() : news;
    reported = reported.then(async () => send(await ready));
  };
  const onEvent = (event: AutoMLEvent): void => {
    print(event);
    if (event.type === 'trial') {
      const { record, bestScore } = event;
      report(async () => ({ type: 'trial', stored: await storeTrial(blobs, record), bestScore }));
    } else {
      report(event);
    }
  };

  try {
    const { signal } = cancellation;
    const reading = endOfReading(start.spec.limits ?? {}, usedSeconds(), signal);
    const table = await readTable(start.training, reading);
    const validation = start.validation && (await readTable(start.validation, reading));
    const test = start.test && (await readTable(start.test, reading));
    const finished = await Promise.all(start.finished.map((stored) => restoreTrial(blobs, stored)));
    report({ type: 'running' });
    const { result, best, files } = await automl({
      table,
      validation,
      test,
      spec: start.spec,
      jobName: start.jobName,
      finished,
      elapsedSeconds: usedSeconds(),
      keptSeconds: writingSeconds,
      signal,
      onEvent,
    });
    report({ type: 'finalizing' });
    const { trials: _, primaryMetric: __, ...outcome } = result;
    report(async () => ({ type: 'completed', outcome, files: await storeJobFiles(blobs, files, best) }));
  } catch (thrown) {
    const { code, message, stack } = asMalachiteError(thrown);
    if (code === 'Canceled') {
      report({ type: 'canceled' });
    } else {
      process.stderr.write(`${code === 'Failed' ? stack : `${code}: ${message}`}\n`);
      report({ type: 'failed', code, message });
    }
  }
  await reported;
  process.exit(0);
}

function send(report: JobReport): Promise<void> {
  return new Promise((sent, failed) => process.send?.(report, (error: Error | null) => (error ? failed(error) : sent())));
}
