/** What small tables are tried with right after boosting's defaults: models that answer smoothly, at several strengths of their penalty. */
import type { Task } from '../learners/learner.ts';
import type { PipelineSpec } from '../pipeline/spec.ts';
import type { TableFacts } from './quick-starts.ts';

/**
 * Up to this many rows a linear model or a kernel is fitted in milliseconds, and trees have too few rows to draw a slope by steps: of seven
 * regressions of 150 to 550 rows a kernel was the best single model on five. Which penalty is right depends on the noise, so strong
 * and weak ones are tried.
 */
const SMALL_ROWS = 3000;
/** Rows times columns: beyond, distances between rows take seconds. */
const SMALL_CELLS = 3e5;

/** Nothing for a table that is not small. */
export function smallStarts(task: Task, { rows, columns }: Pick<TableFacts, 'rows' | 'columns'>): readonly PipelineSpec[] {
  return rows <= SMALL_ROWS && rows * columns <= SMALL_CELLS ? starts[task] : [];
}

const scaled = (algorithm: string, params: PipelineSpec['params']): PipelineSpec => ({
  algorithm,
  preprocessor: 'StandardScalerWrapper',
  params,
});

const starts: Readonly<Record<Task, readonly PipelineSpec[]>> = {
  classification: [scaled('LogisticRegression', { C: 0.1 }), scaled('LogisticRegression', { C: 30 })],
  regression: [
    scaled('GaussianProcess', { alpha: 0.1, gamma_scale: 0.3, linear_scale: 1 }),
    scaled('GaussianProcess', { alpha: 0.3, gamma_scale: 0.1, linear_scale: 0.1 }),
    scaled('ElasticNet', { alpha: 0.03, l1_ratio: 0.5 }),
  ],
};
