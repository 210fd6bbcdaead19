/** The order of a leaderboard: best score first, the earlier trial before the later on a tie, failures last. */
import type { TrialRecord } from './api.ts';

/** @param better Whether its first score is the better one. */
export function leaderboard(records: readonly TrialRecord[], better: (a: number, b: number) => boolean): TrialRecord[] {
  return [...records].sort((a, b) => {
    const [mine, theirs] = [a.trial.score, b.trial.score];
    if (mine === null || theirs === null)
      return Number(mine === null) - Number(theirs === null) || a.trial.iteration - b.trial.iteration;
    return Number(better(theirs, mine)) - Number(better(mine, theirs)) || a.trial.iteration - b.trial.iteration;
  });
}
