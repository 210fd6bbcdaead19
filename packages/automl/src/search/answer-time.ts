/** How long an exported model takes to answer, on a machine that trains the next models meanwhile. */
import type { Table } from '../table/table.ts';
import type { Answer, OnnxPredictor } from './runtime.ts';

export type TimedAnswer = {
  readonly answer: Answer;
  /** Of the quickest run: what a machine would take that has nothing else to do. */
  readonly milliseconds: number;
  /** Of the quickest run by the clock, with what it waited for a processor. */
  readonly clockSeconds: number;
};

/** A model is asked so many times at least, for a first run is slow, and until its runs took what the caller asks for … */
const fewestRuns = 5;
/** … a slow one no longer than this, and where it waits for a processor no longer than that. */
const [mostMilliseconds, mostWaiting] = [60, 120];
/** The first model of a search is given so many times as long: code that has just begun to run is slow. */
const patienceWithFirst = 3;

/** In steps of so many milliseconds a system counts processor time. */
const step = 4;

/**
 * Fits and other programs take turns with this thread, on which the runtime answers. The quickest run by the clock is one that hardly
 * waited; where all of them did, the processor time of all tells more.
 *
 * @param milliseconds Of processor time that the runs shall take together.
 */
export async function timedAnswer(
  predictor: OnnxPredictor,
  rows: Table,
  { milliseconds, isFirst }: { readonly milliseconds: number; readonly isFirst: boolean },
): Promise<TimedAnswer> {
  const patience = isFirst ? patienceWithFirst : 1;
  const used = process.threadCpuUsage();
  const began = performance.now();
  const answer = await predictor.answer(rows);
  let quickest = performance.now() - began;
  for (let run = 1; ; run++) {
    const { user, system } = process.threadCpuUsage(used);
    const spent = (user + system) / 1000;
    const isEnough = run >= fewestRuns && spent >= patience * milliseconds;
    const isSlow = spent >= patience * mostMilliseconds || performance.now() - began >= patience * mostWaiting;
    if (isEnough || isSlow)
      return { answer, milliseconds: Math.min(quickest, (spent + step) / run), clockSeconds: quickest / 1000 };
    const asked = performance.now();
    await predictor.predict(rows);
    quickest = Math.min(quickest, performance.now() - asked);
  }
}
