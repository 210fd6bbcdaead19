/** Azure ML's featurization of a problem, told once a job: the summary and the names of all engineered features. */
import { fitFeaturization } from '../featurization/featurization.ts';
import { featurizationSummary } from '../featurization/summary.ts';
import type { Problem } from './problem.ts';

/** Trials add what their learners gain by; each one's own summary is among its files. */
export function describeFeaturization({ features, purposes, settings }: Problem): ReturnType<typeof featurizationSummary> {
  const rows = Int32Array.from({ length: features.rowCount }, (_, row) => row);
  return featurizationSummary(fitFeaturization({ table: features, rows, family: 'linear', purposes, settings }));
}
