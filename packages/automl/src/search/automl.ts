/**
 * AutoML: a table in, a leaderboard of exported and proved models out.
 *
 * Trials are fitted in worker threads over shared memory. This thread proposes them, scores each export with ONNX
 * Runtime, and tells every finished trial at once: a killed process loses the trials in flight and nothing else.
 */
import { type AutoMLLimits, MalachiteError } from '@malachite/core';
import { runGuardrails, verifierResults } from '../guardrails/index.ts';
import { chooseAlgorithms } from './algorithms.ts';
import type { AutoMLOutcome, AutoMLRequest, TrialRecord } from './api.ts';
import { openBudget } from './budget.ts';
import { explain } from './explain.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore } from './measure.ts';
import { defineProblem } from './problem.ts';
import { jsonFiles, votingTrial } from './records.ts';
import { bestScore, type Search, searchTrials } from './search-trials.ts';

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
  throwIfAborted(signal);
  onEvent({ type: 'log', level: 'info', message: stopReason });
  const voting = await vote(search, records);
  const ranked = leaderboard([...records, ...(voting ? [voting] : [])], betterScore(problem));
  const best = ranked[0];
  if (best?.trial.status !== 'Completed') throw new MalachiteError('Failed', whyNothing(best, limits));
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

function whyNothing(first: TrialRecord | undefined, limits: AutoMLLimits): string {
  if (first) return `No trial succeeded. ${first.trial.name} (${first.trial.algorithm}) failed so: ${first.trial.error}`;
  const budget =
    limits.timeoutMinutes === undefined ? 'the limits' : `the time budget of ${Math.round(60 * limits.timeoutMinutes)} s`;
  return `No trial was finished within ${budget}: reading the data and starting took it all. Give more time.`;
}

/** The ensemble, when the job wants one, there are two models to join, and time is left. */
async function vote({ problem, budget, request }: Search, records: readonly TrialRecord[]): Promise<TrialRecord | undefined> {
  const { spec, finished, jobName, onEvent, signal } = request;
  const done = finished?.find((record) => record.trial.algorithm === 'VotingEnsemble');
  const limited = spec.limits?.maxTrials !== undefined && records.length >= spec.limits.maxTrials;
  if (done || limited || !(spec.training?.enableVoteEnsemble ?? true)) return done;
  const iteration = Math.max(-1, ...records.map((record) => record.trial.iteration)) + 1;
  const record = await votingTrial(problem, jobName, iteration, records, 0.6 * budget.remaining());
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
