/**
 * AutoML: a table in, a leaderboard of exported and proved models out.
 *
 * Trials are fitted in worker threads over shared memory. This thread proposes them, scores each export with ONNX
 * Runtime, and tells every finished trial at once: a killed process loses the trials in flight and nothing else.
 */
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { type AutoMLLimits, type AutoMLSpec, asMalachiteError, MalachiteError } from '@malachite/core';
import { columnLines } from '../featurization/column-lines.ts';
import { runGuardrails, verifierResults } from '../guardrails/index.ts';
import { chooseAlgorithms } from './algorithms.ts';
import type { AutoMLOutcome, AutoMLRequest, TrialRecord } from './api.ts';
import { type Cost, openBudget, workOf } from './budget.ts';
import { bestOf, conclude } from './conclusions.ts';
import { isEnsemble, stackTrial, votingTrial } from './ensembles.ts';
import { crossFittedEvidence, type Evidence, trialEvidence } from './evidence.ts';
import { explain, secondsToExplain } from './explain.ts';
import { describeFeaturization } from './featurize.ts';
import { laterOf } from './later.ts';
import { leaderboard } from './leaderboard.ts';
import { lossesFor } from './losses.ts';
import { betterScore } from './measure.ts';
import { defineProblem, type Problem } from './problem.ts';
import type { TableFacts } from './quick-starts.ts';
import { jsonFiles } from './records.ts';
import { openRefits } from './refits.ts';
import { refuseProblem, refuseTable } from './refuse.ts';
import { bestScore, lag, type Search, searchTrials } from './search-trials.ts';
import { readTestRows, scoreTest, setTestRowsAside } from './test-rows.ts';
import { startWorkers } from './workers.ts';

/** Of the time that is left, what looking at the columns one by one may take. */
const guardrailShare = 0.1;

/** Seconds that an explanation with a time budget takes at most, and those that are left after it. */
const [mostToExplain, finishingSeconds] = [10, 0.3];

/**
 * Of the time that is left, what each ensemble may take at least: the second, and the explanation, have the rest; or, where it is more, all
 * but what they need with models that are there already.
 */
const ensembleShare = 0.7;
const concludingSeconds = 1;

/**
 * @throws MalachiteError `InvalidInput` for a table or specification that cannot be learned from, `Canceled` after an
 * abort, `Failed` when no trial succeeded.
 */
export async function automl(request: AutoMLRequest): Promise<AutoMLOutcome> {
  const { spec, onEvent, signal } = request;
  const limits = spec.limits ?? {};
  const budget = openBudget(limits, ensemblesWanted(spec), request.elapsedSeconds ?? 0, now, request.keptSeconds);
  const phase = (name: string, description: string): void => onEvent({ type: 'phase', phase: name, description });
  throwIfAborted(signal);

  phase('DatasetEvaluation', 'Gathering dataset statistics.');
  // An abort is heard between the steps.
  await setImmediate();
  refuseTable(request.table, spec);
  const { searched, test } = setTestRowsAside(request.table, request.test, spec);
  const problem = defineProblem(searched, request.validation, spec);
  refuseProblem(problem, spec);
  const testRows = test && readTestRows(problem, test, spec.targetColumnName);
  const algorithms = chooseAlgorithms(
    spec.task,
    factsOf(problem),
    spec.training?.allowedTrainingAlgorithms,
    spec.training?.blockedTrainingAlgorithms,
  );
  const readingNotes = [request.table, request.validation, request.test].flatMap((table) => table?.notes ?? []);
  for (const message of [...readingNotes, ...problem.notes, ...algorithms.notes])
    onEvent({ type: 'log', level: 'warning', message });
  const { featurizationSummary, engineeredFeatureNames } = describeFeaturization(problem);
  for (const line of columnLines(featurizationSummary)) onEvent({ type: 'log', ...line });
  await setImmediate();
  throwIfAborted(signal);
  const looked = budget.elapsed() + guardrailShare * budget.remaining();
  const shouldStop = budget.timed ? (): boolean => budget.elapsed() > looked : undefined;
  const guardrails = runGuardrails({ ...problem, purposes: Object.values(problem.purposes), shouldStop });
  onEvent({ type: 'guardrails', guardrails });

  await setImmediate();
  throwIfAborted(signal);
  phase('ModelSelection', 'Beginning model selection.');
  const workers = startWorkers(Math.min(limits.maxConcurrentTrials ?? availableParallelism(), lag), problem, signal);
  const search = { problem, algorithms, budget, request, workers };
  const { records, ensembles, stopReason } = await searchAndJoin(search).finally(() => workers.close());
  const ranked = leaderboard([...records, ...ensembles], betterScore(problem));
  const conclusions = conclude(problem, ranked);
  const best = bestOf(ranked, conclusions);
  if (best?.trial.status !== 'Completed') throw new MalachiteError('Failed', whyNothing(best, limits));
  const testScore = testRows === undefined ? null : await scoreTest(problem, best, testRows);
  const explanation = (spec.training?.enableModelExplainability ?? true) ? await explainBest(search, best, phase) : null;
  return {
    result: {
      primaryMetric: problem.primaryMetric,
      trials: ranked.map((record) => record.trial),
      bestTrial: best.trial.name,
      conclusions,
      guardrails,
      explanation: explanation?.explanation ?? null,
      validation: problem.validation.reason,
      test: testScore,
      stopReason,
    },
    best,
    files: {
      ...jsonFiles({
        'outputs/verifier_results.json': verifierResults(guardrails),
        'outputs/featurization_summary.json': featurizationSummary,
        'outputs/engineered_feature_names.json': engineeredFeatureNames,
      }),
      ...explanation?.files,
    },
  };
}

function factsOf({ features, target, primaryMetric }: Problem): TableFacts {
  const outputs = target.task === 'classification' && target.classes.length > 2 ? target.classes.length : 1;
  return { rows: features.rowCount, columns: features.columns.length, outputs, losses: lossesFor(target, primaryMetric) };
}

function ensemblesWanted({ training }: AutoMLSpec): number {
  return Number(training?.enableVoteEnsemble ?? true) + Number(training?.enableStackEnsemble ?? true);
}

function whyNothing(first: TrialRecord | undefined, limits: AutoMLLimits): string {
  if (first) return `No trial succeeded. ${first.trial.name} (${first.trial.algorithm}) failed so: ${first.trial.error}`;
  const budget =
    limits.timeoutMinutes === undefined ? 'the limits' : `the time budget of ${Math.round(60 * limits.timeoutMinutes)} s`;
  return `No trial was finished within ${budget}: reading the data and starting took it all. Give more time.`;
}

async function searchAndJoin(search: Search) {
  const { request, workers } = search;
  const { records, stopReason } = await searchTrials(search);
  throwIfAborted(request.signal);
  request.onEvent({ type: 'log', level: 'info', message: stopReason });
  await workers.restart();
  const ensembles = await joinModels(search, records);
  return { records, stopReason, ensembles };
}

/** The ensembles that the job wants and that are not there from an earlier process: voting, then stacking. An abort ends it early. */
async function joinModels(search: Search, records: readonly TrialRecord[]): Promise<TrialRecord[]> {
  const { problem, budget, request, workers } = search;
  const later = laterOf(problem, records, workers.count, budget);
  const laterWork = budget.laterWork(later, workOf(records.map(({ trial }) => trial)));
  const refits = openRefits(problem, workers, laterWork.refits);
  let evidence: Evidence | undefined;
  const { spec, finished = [], jobName, onEvent, signal } = request;
  const makers = [
    { algorithm: 'VotingEnsemble', make: votingTrial, isWanted: spec.training?.enableVoteEnsemble ?? true },
    { algorithm: 'StackEnsemble', make: stackTrial, isWanted: spec.training?.enableStackEnsemble ?? true },
  ];
  const made: TrialRecord[] = finished.filter(isEnsemble);
  for (const { algorithm, make, isWanted } of makers) {
    const isLimited = spec.limits?.maxTrials !== undefined && records.length + made.length >= spec.limits.maxTrials;
    if (!isWanted || isLimited || made.some((record) => record.trial.algorithm === algorithm)) continue;
    const iteration = Math.max(-1, ...[...records, ...made].map((record) => record.trial.iteration)) + 1;
    const name = `${jobName}_${iteration}`;
    const most = { seconds: budget.crossFitSeconds(later), work: laterWork.crossFits };
    evidence ??= await evidenceFor(search, records, most);
    throwIfAborted(signal);
    const left = budget.remaining();
    const seconds = Math.max(ensembleShare * left, left - later.proofSeconds - concludingSeconds);
    const tried = make({ problem, name, iteration, evidence, refits, workers, seconds, signal, elapsed: budget.elapsed });
    // The models that were found stand without it.
    const record = await tried.catch((thrown) => {
      onEvent({ type: 'log', level: 'warning', message: `The ${algorithm} failed. ${asMalachiteError(thrown).message}` });
    });
    throwIfAborted(signal);
    if (record) {
      made.push(record);
      onEvent({ type: 'trial', record, bestScore: bestScore([...records, ...made], betterScore(problem)) });
    } else
      onEvent({
        type: 'log',
        level: 'info',
        message: `No ${algorithm}: there are too few models to join, none gain by it, or time was short.`,
      });
  }
  return made;
}

/** Unseen answers for all rows where they cost no more than they may, else those that the trials were judged by. */
async function evidenceFor(
  { problem, request, workers }: Search,
  records: readonly TrialRecord[],
  most: Cost,
): Promise<Evidence> {
  const evidence = await crossFittedEvidence(problem, records, workers, most);
  if (evidence === undefined) return trialEvidence(problem, records);
  const message = `Ensembles are weighed by all rows: the best ${evidence.candidates.length} models were fitted on parts of them, and answered for the others.`;
  request.onEvent({ type: 'log', level: 'info', message });
  return evidence;
}

async function explainBest(
  { problem, budget, request }: Search,
  best: TrialRecord,
  phase: (name: string, description: string) => void,
) {
  const seconds = budget.timed ? Math.min(mostToExplain, budget.remaining() - finishingSeconds) : Number.POSITIVE_INFINITY;
  if (secondsToExplain(best) > seconds) {
    const message = `The best model is not explained: to load it and to shuffle a few columns takes ${secondsToExplain(best).toFixed(1)} s, and ${Math.max(0, seconds).toFixed(1)} s are left. Give more time.`;
    request.onEvent({ type: 'log', level: 'warning', message });
    return null;
  }
  phase('BestRunExplainModel', 'Best run model explanations started');
  const explained = await explain(problem, best, { seconds, now, signal: request.signal });
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
