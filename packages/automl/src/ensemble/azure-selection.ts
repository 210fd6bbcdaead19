/**
 * The rule by which Azure AutoML chooses the members of a VotingEnsemble, as measured on its engine: for those who want Azure's very
 * members of models and predictions that they have. Azure has no setting that chooses the rule, nor has a job here: the search takes
 * `greedySelection`, which the tests compare with this one on Azure's own problems, on the rows they choose by and on rows unseen.
 */

import type { MetricInfo } from '../metrics/metric-list.ts';
import { Blend, type EnsembleMember, membersOf, mostCandidates, type Picks, type SelectionInput } from './blend.ts';

export type AzureSelectionInput = SelectionInput & {
  /** The primary metric of each candidate as its trial reported it, in the metric's own direction. */
  readonly memberScores: readonly number[];
  readonly metric: MetricInfo;
  /** `ensemble_iterations`, the number of picks; Azure's default is 15 or the number of trials if smaller. */
  readonly iterations: number;
};

/** The start group is at most five within 5 % of the best. */
const mostStarters = 5;
const nearBest = 0.05;

/**
 * Starts with the best few, none of which is ever dropped, then adds the model that helps most, with repetition, until there are
 * `iterations` picks; the best state on the way wins. So it can end below its best member, as Azure's does.
 */
export function azureSelection(input: AzureSelectionInput): EnsembleMember[] {
  const { predictions, score, memberScores, metric, iterations } = input;
  const better = metric.direction === 'maximize' ? 1 : -1;
  const candidates = Array.from(memberScores.keys())
    .sort((a, b) => better * (memberScores[b]! - memberScores[a]!) || a - b)
    .slice(0, mostCandidates);
  const best = memberScores[candidates[0]!]!;
  const starters = candidates
    .slice(0, Math.min(mostStarters, Math.floor(iterations / 2)))
    .filter((index) => better * (memberScores[index]! - best) >= -nearBest * Math.abs(best));

  const blend = new Blend(predictions);
  let bestScore = Number.NEGATIVE_INFINITY;
  let bestPicks: Picks = blend.picks;
  const keepIfBest = (reached: number): void => {
    if (reached <= bestScore) return;
    bestScore = reached;
    bestPicks = blend.picks;
  };
  for (const [place, index] of starters.entries()) {
    const reached = place === starters.length - 1 ? score(blend.meanWith(index)) : Number.NEGATIVE_INFINITY;
    blend.pick(index);
    keepIfBest(reached);
  }
  while (blend.count < iterations) {
    const scores = candidates.map((index) => score(blend.meanWith(index)));
    const place = scores.indexOf(Math.max(...scores));
    blend.pick(candidates[place]!);
    keepIfBest(scores[place]!);
  }
  return membersOf(bestPicks);
}
