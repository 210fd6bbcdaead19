/** Azure ML's algorithm names: which of them this engine has, and which a job allows. */
import { algorithmNamed, MalachiteError } from '@malachite/core';
import { MOST_KEPT_ROWS, MOST_PROCESS_ROWS } from '../learners/index.ts';
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { withLosses } from './losses.ts';
import { portfolioOf, searchSpaces } from './portfolio.ts';
import type { SearchSpace } from './proposals.ts';
import { quickStarts, type TableFacts } from './quick-starts.ts';

export type Algorithms = {
  readonly portfolio: readonly PipelineSpec[];
  readonly spaces: readonly SearchSpace[];
  /** Names the job allows and this engine lacks, each a sentence. */
  readonly notes: readonly string[];
};

/** Algorithms that keep their training rows in the model, and for how many of them they are: Azure's limit, or less. */
const keepingRows: ReadonlyMap<string, number> = new Map([
  ['KNN', MOST_KEPT_ROWS],
  ['SVM', MOST_KEPT_ROWS],
  ['GaussianProcess', MOST_PROCESS_ROWS],
]);

/**
 * What to search under a job's allowed and blocked names. The baseline (`Prior`) is always tried: without it nobody can
 * tell whether anything was learned.
 *
 * @throws MalachiteError `InvalidInput` for a name Azure ML does not know, `NotSupported` when nothing that this engine has is left.
 */
export function chooseAlgorithms(
  task: Task,
  facts: TableFacts,
  allowed: readonly string[] | undefined,
  blocked: readonly string[] = [],
): Algorithms {
  const engines = searchSpaces[task].map((space) => space.algorithm);
  const known = (given: string): string => algorithmNamed(task, given);
  const unwanted = new Set(blocked.map(known));
  const wanted = new Set((allowed?.map(known) ?? engines).filter((name) => !unwanted.has(name)));
  const reasons = new Map([...wanted].flatMap((name) => reasonToSkip(name, engines, facts.rows)));
  const isKept = (algorithm: string): boolean => wanted.has(algorithm) && !reasons.has(algorithm);
  const spaces = searchSpaces[task].filter((space) => isKept(space.algorithm)).map((space) => withLosses(space, facts.losses));
  if (spaces.length === 0) {
    throw new MalachiteError(
      'NotSupported',
      `None of the allowed algorithms is left to try. This engine has ${engines.join(', ')} for ${task}.`,
    );
  }
  const [baseline, ...others] = portfolioOf(task, facts);
  const tried = [...quickStarts(task, facts), ...others].filter(({ algorithm }) => isKept(algorithm));
  return {
    portfolio: baseline === undefined ? tried : [baseline, ...tried],
    spaces,
    notes: allowed === undefined ? [] : [...reasons].map(([name, reason]) => `${name} is skipped: ${reason}.`),
  };
}

function reasonToSkip(name: string, engines: readonly string[], rows: number): [string, string][] {
  if (!engines.includes(name)) return [[name, `this engine has no ${name}`]];
  const most = keepingRows.get(name) ?? Number.POSITIVE_INFINITY;
  if (rows > most) return [[name, `it keeps its training rows, and is for at most ${most} of them`]];
  return [];
}
