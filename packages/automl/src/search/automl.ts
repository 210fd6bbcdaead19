/**
 * AutoML: a table in, a leaderboard of exported and proved models out.
 *
 * Trials are fitted in worker threads over shared memory. This thread proposes them, scores each export with ONNX
 * Runtime, and tells every finished trial at once: a killed process loses the trials in flight and nothing else.
 */
import { availableParallelism } from 'node:os';
import { type AutoMLSpec, MalachiteError, type Trial } from '@malachite/core';
import { runGuardrails, verifierResults } from '../guardrails/index.ts';
import { chooseAlgorithms } from './algorithms.ts';
import type { AutoMLOutcome, AutoMLRequest, TrialRecord } from './api.ts';
import { type Budget, openBudget, reasonToStop } from './budget.ts';
import { explain } from './explain.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore } from './measure.ts';
import { defineProblem, type Problem } from './problem.ts';
import { type Outcome, propose } from './proposals.ts';
import { failedTrial, finishedTrial, jsonFiles, votingTrial } from './records.ts';
import { startWorkers } from './workers.ts';

/**
 * Without a time budget a proposal looks only at trials this far behind, so that it does not matter which of the trials
 * between were finished first: up to this many run side by side with the same leaderboard as one by one.
 */
const lag = 8;

/**
 * @throws MalachiteError `InvalidInput` for a table or specification that cannot be learned from, `Canceled` after an
 * abort, `Failed` when no trial succeeded.
 */
export async function automl(request: AutoMLRequest): Promise<AutoMLOutcome> {
  const { spec, onEvent, signal } = request;
  const limits = spec.limits ?? {};
  const budget = openBudget(limits, spec.training?.enableVoteEnsemble ?? true, request.elapsedSeconds ?? 0, now);
  const phase = (name: string, description: string): void => onEvent({ type: 'phase', phase: name, description });
  throwIfAborted(signal);

  phase('DatasetEvaluation', 'Gathering dataset statistics.');
  const problem = defineProblem(request.table, request.validation, spec);
  const algorithms = chooseAlgorithms(
    spec.task,
    spec.training?.allowedTrainingAlgorithms,
    spec.training?.blockedTrainingAlgorithms,
  );
  for (const message of [...problem.notes, ...algorithms.notes]) onEvent({ type: 'log', level: 'warning', message });
  const guardrails = runGuardrails({ ...problem, purposes: Object.values(problem.purposes) });
  onEvent({ type: 'guardrails', guardrails });

  phase('ModelSelection', 'Beginning model selection.');
  const search = { problem, algorithms, budget, request };
  const { records, stopReason } = await searchTrials(search);
  const voting = await vote(search, records);
  const ranked = leaderboard([...records, ...(voting ? [voting] : [])], betterScore(problem));
  const best = ranked[0];
  if (best?.trial.status !== 'Completed') {
    throw new MalachiteError(
      'Failed',
      `No trial succeeded. The first failed so: ${ranked[0]?.trial.error ?? 'none was started; the time budget is too small.'}`,
    );
  }
  const explanation = (spec.training?.enableModelExplainability ?? true) ? await explainBest(search, best, phase) : null;
  return {
    result: {
      primaryMetric: problem.primaryMetric,
      trials: ranked.map((record) => record.trial),
      bestTrial: best.trial.name,
      guardrails,
      explanation: explanation?.explanation ?? null,
      validation: problem.validation.reason,
      stopReason,
    },
    best,
    files: { ...jsonFiles({ 'outputs/verifier_results.json': verifierResults(guardrails) }), ...explanation?.files },
  };
}

type Search = {
  readonly problem: Problem;
  readonly algorithms: ReturnType<typeof chooseAlgorithms>;
  readonly budget: Budget;
  readonly request: AutoMLRequest;
};

/** Runs trials until the budget, a limit or the lack of progress ends the search. */
async function searchTrials({
  problem,
  algorithms,
  budget,
  request,
}: Search): Promise<{ records: TrialRecord[]; stopReason: string }> {
  const { spec, onEvent, signal } = request;
  const limits = spec.limits ?? {};
  const better = betterScore(problem);
  const records = new Map<number, TrialRecord>();
  for (const record of request.finished ?? [])
    if (record.trial.algorithm !== 'VotingEnsemble') records.set(record.trial.iteration, record);
  const running = new Map<number, Promise<void>>();
  let stopReason = '';

  /** Finished trials that a decision about iteration `i` may look at, in order of iteration. */
  const visible = (i: number): TrialRecord[] =>
    [...records.values()]
      .filter((record) => budget.timed || record.trial.iteration <= i - lag)
      .sort((a, b) => a.trial.iteration - b.trial.iteration);
  const settledUpTo = (i: number): boolean =>
    Array.from({ length: Math.max(0, i + 1) }, (_, before) => before).every((before) => records.has(before));
  const mayStart = (i: number): boolean => {
    if (i >= budget.searchTrials) stopReason ||= `All ${limits.maxTrials ?? budget.searchTrials} trials are done.`;
    else if (budget.trialSeconds() <= 0) stopReason ||= 'The time budget is used.';
    else if (!budget.timed && !settledUpTo(i - lag)) return false;
    else stopReason ||= reasonToStop(visible(i).map(asScored), limits, better) ?? '';
    return stopReason === '';
  };

  const workers = startWorkers(Math.min(limits.maxConcurrentTrials ?? availableParallelism(), lag), problem);
  const abort = (): void => workers.stop();
  signal?.addEventListener('abort', abort);
  const deadline = Number.isFinite(budget.remaining())
    ? setTimeout(() => workers.stop(), Math.max(0, 1000 * budget.trialSeconds()))
    : undefined;
  try {
    let next = 0;
    while (true) {
      while (records.has(next)) next++;
      while (workers.idle > 0 && !signal?.aborted && mayStart(next)) {
        const iteration = next++;
        while (records.has(next)) next++;
        const pipeline = propose(
          iteration,
          problem.seed,
          algorithms.portfolio,
          algorithms.spaces,
          visible(iteration).map((record) => asOutcome(record, better)),
        );
        const work = workers.start(iteration, pipeline, budget.trialSeconds()).then(async (answer) => {
          if (signal?.aborted) return;
          const record =
            'fit' in answer
              ? await finishedTrial(problem, request.jobName, iteration, pipeline, answer.fit)
              : failedTrial(request.jobName, iteration, pipeline, answer.error);
          if (signal?.aborted) return;
          records.set(iteration, record);
          onEvent({ type: 'trial', record, bestScore: bestScore(records.values(), better) });
        });
        running.set(
          iteration,
          work.finally(() => running.delete(iteration)),
        );
      }
      if (running.size === 0) break;
      await Promise.race(running.values());
    }
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
    await workers.close();
  }
  throwIfAborted(signal);
  return { records: [...records.values()], stopReason };
}

/** The ensemble, when the job wants one, there are two models to join, and time is left. */
async function vote({ problem, budget, request }: Search, records: readonly TrialRecord[]): Promise<TrialRecord | undefined> {
  const { spec, finished, jobName, onEvent, signal } = request;
  const done = finished?.find((record) => record.trial.algorithm === 'VotingEnsemble');
  const limited = spec.limits?.maxTrials !== undefined && records.length >= spec.limits.maxTrials;
  if (done || limited || !(spec.training?.enableVoteEnsemble ?? true)) return done;
  const iteration = Math.max(-1, ...records.map((record) => record.trial.iteration)) + 1;
  const record = await votingTrial(problem, jobName, iteration, records, budget.remaining());
  throwIfAborted(signal);
  if (record) {
    const better = betterScore(problem);
    onEvent({ type: 'trial', record, bestScore: bestScore([...records, record], better) });
  } else
    onEvent({
      type: 'log',
      level: 'info',
      message: 'No ensemble: no blend of the finished models beats the best of them, or there was no time to prove one.',
    });
  return record;
}

async function explainBest(
  { problem, budget, request }: Search,
  best: TrialRecord,
  phase: (name: string, description: string) => void,
) {
  phase('BestRunExplainModel', 'Best run model explanations started');
  const explained = await explain(problem, best, Math.min(10, Math.max(0.2, budget.remaining() - 0.5)), now);
  throwIfAborted(request.signal);
  phase('BestRunExplainModel', 'Best run model explanations completed');
  return explained;
}

/** Seconds of a clock that only goes forward. */
function now(): number {
  return performance.now() / 1000;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MalachiteError('Canceled', 'The job was canceled.');
}

type Better = (a: number, b: number) => boolean;

function bestScore(records: Iterable<TrialRecord>, better: Better): number | null {
  let best: number | null = null;
  for (const { trial } of records) if (trial.score !== null && (best === null || better(trial.score, best))) best = trial.score;
  return best;
}

function asOutcome({ trial }: TrialRecord, better: Better): Outcome {
  const loss = trial.score === null ? null : better(1, 0) ? -trial.score : trial.score;
  const params = trial.parameters as Outcome['spec']['params'];
  return { spec: { algorithm: trial.algorithm, preprocessor: trial.preprocessor, params }, loss, work: trial.work };
}

function asScored({ trial }: TrialRecord): { score: Trial['score']; work: number } {
  return { score: trial.score, work: trial.work };
}
