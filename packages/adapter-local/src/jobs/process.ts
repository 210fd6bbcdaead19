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
import { restoreTrial, storeJobFiles, storeTrial } from './trial-store.ts';

type Start = Extract<JobOrder, { type: 'start' }>;
type News = JobReport extends infer R ? (R extends JobReport ? Omit<R, 'usedSeconds'> : never) : never;

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
  let searching: number | undefined;
  const usedSeconds = (): number => start.usedSeconds + (searching === undefined ? 0 : (performance.now() - searching) / 1000);

  // Bytes are written while the search goes on, but reported in the order in which things happened.
  let reported = Promise.resolve();
  const report = (news: News | (() => Promise<News>)): void => {
    const used = usedSeconds();
    const ready = typeof news === 'function' ? news() : news;
    reported = reported.then(async () => send({ ...(await ready), usedSeconds: used }));
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
    const table = await readTable(start.training);
    const validation = start.validation && (await readTable(start.validation));
    const test = start.test && (await readTable(start.test));
    const finished = await Promise.all(start.finished.map((stored) => restoreTrial(blobs, stored)));
    report({ type: 'running' });
    searching = performance.now();
    const { result, best, files } = await automl({
      table,
      validation,
      test,
      spec: start.spec,
      jobName: start.jobName,
      finished,
      elapsedSeconds: start.usedSeconds,
      signal: cancellation.signal,
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
