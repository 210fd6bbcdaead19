/** Trials of an AutoML job, out of the runs that the service keeps of them. */
import type { Metrics, Trial } from '@malachite/core';
import type { Run } from './run.ts';

const ended = new Set(['Completed', 'Failed', 'Canceled']);

/** Setup, featurization and explanation are children too, and are no trials. */
export const isTrial = (run: Run): boolean => isOfTrial(run) && ended.has(run.status);

/** Also of one that has not ended. */
export const isOfTrial = ({ properties }: Run): boolean =>
  properties?.runTemplate === 'automl_child' && properties.iteration != null;

/**
 * @param jobStart When the job began; times of trials are seconds since.
 * What Azure does not say: parity, standard errors, prediction times, work. They are null, or 0 where a number must be.
 */
export function trialOf(
  { runId, status, properties = {}, endTimeUtc, error }: Run,
  metrics: Metrics,
  jobStart: string | null,
): Trial {
  const text = (name: string): string => properties[name] ?? '';
  const preprocessor = text('run_preprocessor');
  const algorithm = text('run_algorithm');
  const since = Date.parse(endTimeUtc ?? '') - Date.parse(jobStart ?? '');
  const message = error?.error?.message;
  const ensemble = ensembleOf(properties);
  return {
    name: runId,
    iteration: Number(text('iteration')),
    status: status as Trial['status'],
    preprocessor,
    algorithm,
    parameters: parametersOf(text('pipeline_spec')),
    description: [preprocessor, algorithm].filter(Boolean).join(', '),
    score: numberOf(text('score')),
    standardError: null,
    metrics,
    fitSeconds: numberOf(text('fit_time')) ?? 0,
    finishedAtSeconds: Number.isFinite(since) ? Math.max(0, since / 1000) : 0,
    work: 0,
    predictMicrosecondsPerRow: null,
    predictMicrosecondsSingleRow: null,
    onnxBytes: text('model_output_path').endsWith('.onnx') ? (numberOf(text('model_size_on_disk')) ?? 0) : 0,
    parity: null,
    ...(ensemble.length > 0 && { ensemble }),
    ...(message !== undefined && { error: message }),
  };
}

/** Best first, those without a score last; of two alike the one that the service chose, then the earlier. */
export function ranked(trials: readonly Trial[], isLowerBetter: boolean, best: string | undefined): Trial[] {
  const key = ({ score }: Trial) => (score === null ? Number.POSITIVE_INFINITY : isLowerBetter ? score : -score);
  return trials.toSorted(
    (a, b) =>
      // Infinity less Infinity is no number.
      (key(a) === key(b) ? 0 : key(a) - key(b)) || Number(b.name === best) - Number(a.name === best) || a.iteration - b.iteration,
  );
}

function numberOf(text: string): number | null {
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Of the last step; the service writes each pipeline as JSON. */
function parametersOf(spec: string): Record<string, unknown> {
  try {
    const { objects = [] } = JSON.parse(spec) as { objects?: { spec_class?: string; param_kwargs?: Record<string, unknown> }[] };
    return objects.at(-1)?.param_kwargs ?? {};
  } catch {
    return {};
  }
}

/** Lists in Python's way of writing them: `[21, 29]`, `['LightGBM', 'SGD']`, `[0.5, 0.5]`. */
function ensembleOf(properties: Readonly<Record<string, string | null>>): NonNullable<Trial['ensemble']> {
  const list = (name: string): unknown[] => {
    try {
      return JSON.parse((properties[name] ?? '[]').replaceAll("'", '"')) as unknown[];
    } catch {
      return [];
    }
  };
  const [algorithms, weights] = [list('ensembled_algorithms'), list('ensemble_weights')];
  return list('ensembled_iterations').map((iteration, i) => ({
    iteration: Number(iteration),
    algorithm: String(algorithms[i] ?? ''),
    weight: Number(weights[i] ?? 0),
  }));
}
