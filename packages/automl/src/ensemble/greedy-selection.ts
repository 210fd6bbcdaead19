/** Our own choice of ensemble members. */

import { Blend, type EnsembleMember, membersOf, mostCandidates, type Picks, type SelectionInput } from './blend.ts';

export type GreedySelectionInput = SelectionInput & {
  /** Most picks, repetitions counted. Default 15, as in Azure. */
  readonly maxPicks?: number;
  /** Most different members. Default: no limit. */
  readonly maxMembers?: number;
  /** Picks in a row without a new best before it stops. Default 5. */
  readonly patience?: number;
  /** Asked before each candidate is measured; true ends the selection with the best so far, the unfinished pick left out. A promise gives others a turn. */
  readonly shouldStop?: () => boolean | Promise<boolean>;
};

/** A gain below this is rounding, not skill: the smaller ensemble is kept. */
const leastGain = 1e-9;

/**
 * Greedy selection with replacement: starts with the best model, then adds again and again the model of the best 50 that makes the blend best.
 * The best state on the way wins, the single best model included, so an ensemble never scores below its best member on these rows.
 *
 * Source: Caruana et al., "Ensemble selection from libraries of models", ICML 2004 (sorted initialisation, selection with
 * replacement).
 *
 * @returns At least one member; one with weight 1 when no blend beats the best model.
 */
export async function greedySelection(input: GreedySelectionInput): Promise<EnsembleMember[]> {
  const { predictions, score, maxPicks = 15, maxMembers = predictions.length, patience = 5, shouldStop } = input;
  if (predictions.length === 0) return [];
  const singles = [score(predictions[0]!)];
  while (singles.length < predictions.length && !(await shouldStop?.())) singles.push(score(predictions[singles.length]!));
  const candidates = Array.from(singles.keys())
    .sort((a, b) => singles[b]! - singles[a]! || a - b)
    .slice(0, mostCandidates);

  const blend = new Blend(predictions);
  blend.pick(candidates[0]!);
  let bestScore = singles[candidates[0]!]!;
  let bestPicks: Picks = blend.picks;
  let fruitless = 0;
  while (blend.count < maxPicks && fruitless < patience) {
    const picks = blend.picks;
    const full = picks.filter((count) => count > 0).length >= maxMembers;
    const allowed = full ? candidates.filter((index) => picks[index]! > 0) : candidates;
    const scores: number[] = [];
    while (scores.length < allowed.length && !(await shouldStop?.())) {
      scores.push(score(blend.meanWith(allowed[scores.length]!)));
    }
    if (scores.length < allowed.length) break;
    const place = scores.indexOf(Math.max(...scores));
    blend.pick(allowed[place]!);
    if (scores[place]! > bestScore + leastGain) {
      bestScore = scores[place]!;
      bestPicks = blend.picks;
      fruitless = 0;
    } else fruitless++;
  }
  return membersOf(bestPicks);
}
