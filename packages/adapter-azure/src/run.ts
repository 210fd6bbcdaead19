/** One run of the service's history: a job, a trial, or what looks at the data of a job. */
import type { Job } from '@malachite/core';

/** What we read of a run; the service says much more. */
export type Run = {
  readonly runId: string;
  readonly parentRunId?: string | null;
  readonly displayName?: string | null;
  readonly experimentName?: string | null;
  readonly experimentId?: string | null;
  readonly target?: string | null;
  readonly createdTimeUtc?: string | null;
  readonly status: string;
  readonly startTimeUtc?: string | null;
  readonly endTimeUtc?: string | null;
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly warnings?: readonly { readonly message?: string | null }[] | null;
  readonly inputs?: Readonly<Record<string, { readonly assetId?: string }>> | null;
  /** What it made, by output: models and data with their versions. */
  readonly outputs?: Readonly<Record<string, { readonly assetId?: string }>> | null;
  readonly error?: { readonly error?: { readonly code?: string; readonly message?: string } } | null;
};

/** The service writes up to seven digits of a second. */
export const timeOf = (text: string | null | undefined): string | null => (text ? new Date(text).toISOString() : null);

/** Why a run failed. */
export function errorOf(run: Run | undefined): Job['error'] {
  const error = run?.error?.error;
  return error ? { code: error.code ?? 'Failed', message: error.message ?? 'The job failed.' } : null;
}
