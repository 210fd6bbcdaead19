/** Azure ML's algorithm names: which of them this engine has, and which a job allows. */
import { algorithmNamed, MalachiteError } from '@malachite/core';
import { MOST_KEPT_ROWS } from '../learners/index.ts';
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import { portfolioOf, searchSpaces } from './portfolio.ts';
import type { SearchSpace } from './proposals.ts';
import { quickStarts, type TableSize } from './quick-starts.ts';

export type Algorithms = {
  readonly portfolio: readonly PipelineSpec[];
  readonly spaces: readonly SearchSpace[];
  /** Names the job allows and this engine lacks, each a sentence. */
  readonly notes: readonly string[];
};

/** Algorithms that keep their training rows in the model: as in Azure, only for small tables. */
const keepingRows: ReadonlySet<string> = new Set(['KNN', 'SVM']);

/**
 * What to search under a job's allowed and blocked names. The baseline (`Prior`) is always tried: without it nobody can
 * tell whether anything was learned.
 *
 * @throws MalachiteError `InvalidInput` for a name Azure ML does not know, `NotSupported` when nothing that this engine has is left.
 */
export function chooseAlgorithms(
  task: Task,
  size: TableSize,
  allowed: readonly string[] | undefined,
  blocked: readonly string[] = [],
): Algorithms {
  const engines = searchSpaces[task].map((space) => space.algorithm);
  const known = (given: string): string => algorithmNamed(task, given);
  const unwanted = new Set(blocked.map(known));
  const wanted = new Set((allowed?.map(known) ?? engines).filter((name) => !unwanted.has(name)));
  const reasons = new Map([...wanted].flatMap((name) => reasonToSkip(name, engines, size.rows)));
  const isKept = (algorithm: string): boolean => wanted.has(algorithm) && !reasons.has(algorithm);
  const spaces = searchSpaces[task].filter((space) => isKept(space.algorithm));
  if (spaces.length === 0) {
    throw new MalachiteError(
      'NotSupported',
      `None of the allowed algorithms is left to try. This engine has ${engines.join(', ')} for ${task}.`,
    );
  }
  const [baseline, ...others] = portfolioOf(task, size.outputs);
  const tried = [...quickStarts(task, size), ...others].filter(({ algorithm }) => isKept(algorithm));
  return {
    portfolio: baseline === undefined ? tried : [baseline, ...tried],
    spaces,
    notes: allowed === undefined ? [] : [...reasons].map(([name, reason]) => `${name} is skipped: ${reason}.`),
  };
}

function reasonToSkip(name: string, engines: readonly string[], rows: number): [string, string][] {
  if (!engines.includes(name)) return [[name, `this engine has no ${name}`]];
  if (keepingRows.has(name) && rows > MOST_KEPT_ROWS)
    return [[name, `it keeps its training rows, and is for at most ${MOST_KEPT_ROWS} of them`]];
  return [];
}
