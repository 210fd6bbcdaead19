/** What follows the trials of a search, and what it takes: known better with every trial that comes in. */
import type { TrialRecord } from './api.ts';
import type { Budget, Later } from './budget.ts';
import { secondsToProve } from './ensembles.ts';
import { costOfCrossFits } from './evidence.ts';
import { secondsToShuffle } from './explain.ts';
import { candidatesOf } from './finalists.ts';
import type { Problem } from './problem.ts';
import { costOfRefits, plannedMembers } from './refits.ts';

/** An explanation with time for fewer rounds says how much its figures vary by little. */
const roundsOfShuffling = 2;

export function laterOf(problem: Problem, records: readonly TrialRecord[], workerCount: number, { longestRefit }: Budget): Later {
  const members = candidatesOf(problem, records).slice(0, plannedMembers);
  return {
    crossFits: costOfCrossFits(problem, records, workerCount),
    refits: costOfRefits(problem, records, workerCount, longestRefit),
    // The second ensemble has what the first does not need: an estimate for the slowest kind of model errs upwards.
    proofSeconds: secondsToProve(problem, members) + roundsOfShuffling * secondsToShuffle(problem, members),
  };
}
