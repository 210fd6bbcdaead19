/** Our own choice of ensemble members. */

import { Blend, type EnsembleMember, membersOf, type Picks, type SelectionInput } from './blend.ts';

export type GreedySelectionInput = SelectionInput & {
  /** Most picks, repetitions counted. Default 50. */
  readonly maxPicks?: number;
  /** Most different members. Default: no limit. */
  readonly maxMembers?: number;
  /** Picks in a row without a new best before it stops. Default 5. */
  readonly patience?: number;
  /** Asked before each pick; true ends the selection with the best so far. */
  readonly shouldStop?: () => boolean;
};

/** A gain below this is rounding, not skill: the smaller ensemble is kept. */
const leastGain = 1e-9;

/**
 * Greedy selection with replacement: starts with the best model, then adds again and again the model that makes the blend best.
 * The best state on the way wins, the single best model included, so an ensemble never scores below its best member on these rows.
 *
 * Source: Caruana et al., "Ensemble selection from libraries of models", ICML 2004 (sorted initialisation, selection with
 * replacement).
 *
 * @returns At least one member; one with weight 1 when no blend beats the best model.
 */
export function greedySelection(input: GreedySelectionInput): EnsembleMember[] {
  const { predictions, score, maxPicks = 50, maxMembers = predictions.length, patience = 5, shouldStop } = input;
  const singles = predictions.map((prediction) => score(prediction));
  const candidates = Array.from(singles.keys()).sort((a, b) => singles[b]! - singles[a]! || a - b);
  if (candidates.length === 0) return [];

  const blend = new Blend(predictions);
  blend.pick(candidates[0]!);
  let bestScore = singles[candidates[0]!]!;
  let bestPicks: Picks = blend.picks;
  let fruitless = 0;
  while (blend.count < maxPicks && fruitless < patience && !shouldStop?.()) {
    const picks = blend.picks;
    const full = picks.filter((count) => count > 0).length >= maxMembers;
    const allowed = full ? candidates.filter((index) => picks[index]! > 0) : candidates;
    const scores = allowed.map((index) => score(blend.meanWith(index)));
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
