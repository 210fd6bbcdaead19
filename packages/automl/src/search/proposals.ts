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
  /** Parameters that are one of a few names; the first is the algorithm's default. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** The chance of being tried for the first time, beside 1 for the best algorithm so far. */
  readonly untried: number;
};

/**
 * The proposal for an iteration.
 * @param portfolio Pipelines tried first, in order.
 * @param spaces What is searched afterwards.
 * @param seen Finished trials it may look at, in order of iteration.
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

/**
 * The algorithm to search next. The share of each falls with how far its best is behind the best of all (beside the median of the
 * algorithms' bests, so that many trials of one do not drown the others), with what its trials cost, and with the trials it has
 * had since it last improved: one that has been searched out leaves its time to others, as FLAML's estimated cost of improvement
 * has it (Wang et al. 2021).
 */
function chooseSpace(random: Random, spaces: readonly SearchSpace[], seen: readonly Outcome[]): SearchSpace {
  const meanWork = 1 + seen.reduce((sum, outcome) => sum + outcome.work, 0) / Math.max(1, seen.length);
  const own = spaces.map((space) => standingOf(seen.filter(({ spec }) => spec.algorithm === space.algorithm)));
  const bests = own.flatMap((standing) => (standing ? [standing.best] : [])).sort((a, b) => a - b);
  const best = bests[0] ?? 0;
  const spread = Math.max((bests[bests.length >> 1] ?? 0) - best, 1e-12);
  const weights = spaces.map((space, index) => {
    const standing = own[index];
    if (standing === undefined) return space.untried;
    const behind = (standing.best - best) / spread;
    return Math.exp(-2 * Math.min(behind, 2)) / Math.sqrt((1 + standing.work / meanWork) * (1 + standing.fruitless / 4));
  });
  let draw = random.nextFloat() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    draw -= weight;
    if (draw <= 0) return spaces[index] as SearchSpace;
  }
  return spaces[spaces.length - 1] as SearchSpace;
}

/** Of an algorithm: the best loss, the mean work of a trial, and the trials since the best; undefined before any succeeded. */
type Standing = { readonly best: number; readonly work: number; readonly fruitless: number };

/** @param outcomes In order of iteration. */
function standingOf(outcomes: readonly Outcome[]): Standing | undefined {
  const losses = outcomes.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY);
  const best = Math.min(...losses);
  if (!Number.isFinite(best)) return undefined;
  const work = outcomes.reduce((sum, outcome) => sum + outcome.work, 0) / outcomes.length;
  return { best, work, fruitless: losses.length - 1 - losses.indexOf(best) };
}

function drawAnew(random: Random, space: SearchSpace): PipelineSpec {
  const params: Record<string, number | string | boolean> = { ...space.fixed };
  for (const [name, range] of Object.entries(space.ranges)) params[name] = fromUnit(random.nextFloat(), range);
  for (const [name, names] of Object.entries(space.choices ?? {})) params[name] = oneOf(random, names);
  return {
    algorithm: space.algorithm,
    preprocessor: oneOf(random, space.preprocessors),
    params,
  };
}

/** Each parameter moves with an even chance, and one at least: a step that goes nowhere is a trial for nothing. */
function stepFrom(random: Random, space: SearchSpace, origin: PipelineSpec, step: number): PipelineSpec {
  const params: Record<string, number | string | boolean> = { ...space.fixed };
  const ranges = Object.entries(space.ranges);
  const always = random.nextInt(Math.max(1, ranges.length));
  for (const [index, [name, range]] of ranges.entries()) {
    const value = origin.params[name];
    const unit = toUnit(typeof value === 'number' ? value : fromUnit(0.5, range), range);
    const moves = random.nextFloat() < 0.5 || index === always;
    const moved = moves ? unit + step * (2 * random.nextFloat() - 1) * 2 : unit;
    params[name] = fromUnit(Math.min(1, Math.max(0, moved)), range);
  }
  const kept = (own: string, names: readonly string[]): string => (random.nextFloat() < 0.8 ? own : oneOf(random, names));
  for (const [name, names] of Object.entries(space.choices ?? {}))
    params[name] = kept(String(origin.params[name] ?? names[0]), names);
  return { algorithm: space.algorithm, preprocessor: kept(origin.preprocessor, space.preprocessors), params };
}

function oneOf(random: Random, names: readonly string[]): string {
  return names[random.nextInt(names.length)] as string;
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
