/**
 * Which pipeline to try as iteration `i`: a portfolio of strong defaults first, then a cost-aware search around the best.
 *
 * A proposal depends on the seed, the iteration and the trials it may look at, and on nothing else: so a search that was
 * killed goes on with the very proposals it would have made, and a work budget gives the same leaderboard with any
 * number of workers.
 */
import type { PipelineSpec } from '../pipeline/spec.ts';
import { createRandom, type Random } from '../random.ts';

/** A finished trial as the search sees it; `loss` is lower for better, null when it failed; `work` is what it cost. */
export type Outcome = { readonly spec: PipelineSpec; readonly loss: number | null; readonly work: number };

/** A parameter's range. `log` draws evenly in the logarithm; `integer` rounds. */
type Range = { readonly low: number; readonly high: number; readonly log?: boolean; readonly integer?: boolean };
/** How one algorithm is searched: preprocessors to choose from, fixed parameters, ranges of the others. */
export type SearchSpace = {
  readonly algorithm: string;
  readonly preprocessors: readonly string[];
  readonly fixed: PipelineSpec['params'];
  readonly ranges: Readonly<Record<string, Range>>;
  /** The chance of being tried for the first time, beside 1 for the best algorithm so far. */
  readonly untried: number;
};

/**
 * The proposal for an iteration.
 * @param portfolio Pipelines tried first, in order.
 * @param spaces What is searched afterwards.
 * @param seen Finished trials it may look at.
 */
export function propose(
  iteration: number,
  seed: number,
  portfolio: readonly PipelineSpec[],
  spaces: readonly SearchSpace[],
  seen: readonly Outcome[],
): PipelineSpec {
  const first = portfolio[iteration];
  if (first) return first;
  const random = createRandom(seed * 1_000_003 + iteration);
  const space = chooseSpace(random, spaces, seen);
  const ranked = seen
    .filter((outcome) => outcome.spec.algorithm === space.algorithm && outcome.loss !== null)
    .sort((a, b) => (a.loss as number) - (b.loss as number));
  // One proposal in four is drawn anew (so that no optimum traps the search), the others start from one of the best
  // three, each a step away in about half of its parameters; steps shrink as trials accumulate (as FLAML's CFO does).
  if (ranked.length === 0 || random.nextFloat() < 0.25) return drawAnew(random, space);
  const origin = ranked[Math.min(ranked.length - 1, random.nextInt(3))] as Outcome;
  return stepFrom(random, space, origin.spec, Math.max(0.08, 0.35 / Math.sqrt(1 + ranked.length / 8)));
}

/** The algorithm to search next: the share of each falls with how far its best is behind the best of all, and with what its trials cost. */
function chooseSpace(random: Random, spaces: readonly SearchSpace[], seen: readonly Outcome[]): SearchSpace {
  const losses = seen.flatMap((outcome) => (outcome.loss === null ? [] : [outcome.loss])).sort((a, b) => a - b);
  const best = losses[0] ?? 0;
  const spread = Math.max((losses[Math.floor(losses.length / 2)] ?? 0) - best, 1e-12);
  const meanWork = 1 + seen.reduce((sum, outcome) => sum + outcome.work, 0) / Math.max(1, seen.length);
  const weights = spaces.map((space) => {
    const own = seen.filter((outcome) => outcome.spec.algorithm === space.algorithm && outcome.loss !== null);
    if (own.length === 0) return space.untried;
    const behind = (Math.min(...own.map((outcome) => outcome.loss as number)) - best) / spread;
    const work = own.reduce((sum, outcome) => sum + outcome.work, 0) / own.length;
    return Math.exp(-3 * Math.min(behind, 2)) / Math.sqrt(1 + work / meanWork);
  });
  let draw = random.nextFloat() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    draw -= weight;
    if (draw <= 0) return spaces[index] as SearchSpace;
  }
  return spaces[spaces.length - 1] as SearchSpace;
}

function drawAnew(random: Random, space: SearchSpace): PipelineSpec {
  const params: Record<string, number | string | boolean> = { ...space.fixed };
  for (const [name, range] of Object.entries(space.ranges)) params[name] = fromUnit(random.nextFloat(), range);
  return {
    algorithm: space.algorithm,
    preprocessor: space.preprocessors[random.nextInt(space.preprocessors.length)] as string,
    params,
  };
}

function stepFrom(random: Random, space: SearchSpace, origin: PipelineSpec, step: number): PipelineSpec {
  const params: Record<string, number | string | boolean> = { ...space.fixed };
  for (const [name, range] of Object.entries(space.ranges)) {
    const value = origin.params[name];
    const unit = toUnit(typeof value === 'number' ? value : fromUnit(0.5, range), range);
    const moved = random.nextFloat() < 0.5 ? unit : unit + step * (2 * random.nextFloat() - 1) * 2;
    params[name] = fromUnit(Math.min(1, Math.max(0, moved)), range);
  }
  const preprocessor =
    random.nextFloat() < 0.8 ? origin.preprocessor : (space.preprocessors[random.nextInt(space.preprocessors.length)] as string);
  return { algorithm: space.algorithm, preprocessor, params };
}

function fromUnit(unit: number, range: Range): number {
  const value = range.log ? range.low * (range.high / range.low) ** unit : range.low + (range.high - range.low) * unit;
  return range.integer ? Math.round(value) : Number(value.toPrecision(6));
}

function toUnit(value: number, range: Range): number {
  const unit = range.log
    ? Math.log(value / range.low) / Math.log(range.high / range.low)
    : (value - range.low) / (range.high - range.low);
  return Math.min(1, Math.max(0, unit));
}
