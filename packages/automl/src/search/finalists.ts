/** The trials that are worth joining, and those of them that more fits are worth spending on. */
import type { LearnerParams } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { TrialRecord } from './api.ts';
import type { Cost } from './budget.ts';
import { leaderboard } from './leaderboard.ts';
import { betterScore } from './measure.ts';
import type { Problem } from './problem.ts';

/** Only the best are tried: trying costs a metric a model a pick, and the best of very many are the luckiest, not the most skilled. */
const mostCandidates = 40;
/** Of each algorithm: an ensemble gains by members that err elsewhere, and the best forty may all be of one kind. */
const mostOfAlgorithm = 6;

/** The very best come first, whatever their kind. */
const firstFinalists = 4;
/** Finalists of each algorithm, but for these. */
const mostOfKind = 4;

/** The models that are there, best first, without the baseline: the best few of each algorithm. */
export function candidatesOf(problem: Problem, records: readonly TrialRecord[]): TrialRecord[] {
  const taken = new Map<string, number>();
  return leaderboard(records, betterScore(problem))
    .filter(({ onnx, trial }) => onnx && trial.score !== null && trial.algorithm !== 'Prior')
    .filter(({ trial: { algorithm } }) => {
      const before = taken.get(algorithm) ?? 0;
      taken.set(algorithm, before + 1);
      return before < mostOfAlgorithm;
    })
    .slice(0, mostCandidates);
}

/** In the order in which time should be spent on them: the best few, the best of each other kind, then what follows. */
export function finalistsOf(problem: Problem, records: readonly TrialRecord[], count: number): TrialRecord[] {
  const candidates = candidatesOf(problem, records);
  const chosen = candidates.slice(0, firstFinalists);
  const countOf = ({ trial }: TrialRecord): number => chosen.filter((other) => other.trial.algorithm === trial.algorithm).length;
  for (const record of candidates) if (countOf(record) === 0) chosen.push(record);
  for (const record of candidates) if (!chosen.includes(record) && countOf(record) < mostOfKind) chosen.push(record);
  return chosen.slice(0, count);
}

/** The pipeline of a trial with what it settled on. */
export function settledSpec({ trial: { algorithm, preprocessor, parameters } }: TrialRecord): PipelineSpec {
  return { algorithm, preprocessor, params: parameters as LearnerParams };
}

/** What one fit on all rows takes of one thread. */
export function costToFit({ trial: { fitSeconds, work, sample } }: TrialRecord): Cost {
  const scale = sample === undefined || sample.isPromoted ? 1 : 100 / sample.percent;
  return { seconds: scale * fitSeconds, work: scale * work };
}

/** What fits take together, shared evenly by so many threads. */
export function costOfAll(costs: readonly Cost[], workerCount: number): Cost {
  const sum = (kind: keyof Cost): number => costs.reduce((total, cost) => total + cost[kind], 0);
  return { seconds: sum('seconds') / workerCount, work: sum('work') };
}

/** Of jobs in the order of their importance those that can be done within so much work; one that is too much is passed over. */
export function withinWork<Job extends { readonly cost: Cost }>(jobs: readonly Job[], work: number): Job[] {
  let left = work;
  return jobs.filter(({ cost }) => {
    if (cost.work > left) return false;
    left -= cost.work;
    return true;
  });
}
