/** Azure ML's iteration table, as its SDK prints it while an AutoML run goes on. */
import type { Trial } from '@malachite/core';

const rule = '*'.repeat(100);

export const iterationHeader: readonly string[] = [
  rule,
  'ITERATION: The iteration being evaluated.',
  'PIPELINE: A summary description of the pipeline being evaluated.',
  'DURATION: Time taken for the current iteration.',
  'METRIC: The result of computing score on the fitted pipeline.',
  'BEST: The best observed score thus far.',
  rule,
  '',
  ' ITERATION   PIPELINE                                       DURATION      METRIC      BEST',
];

/** One line of it. */
export function iterationLine(trial: Trial, bestScore: number | null): string {
  return [
    String(trial.iteration).padStart(10),
    '   ',
    pipelineName(trial).padEnd(47),
    duration(trial.fitSeconds).padEnd(10),
    scoreText(trial.score).padStart(10),
    scoreText(bestScore).padStart(10),
  ].join('');
}

/** `MaxAbsScaler LightGBM`; ensembles have no first step. */
export function pipelineName({ preprocessor, algorithm }: Pick<Trial, 'preprocessor' | 'algorithm'>): string {
  return preprocessor ? `${preprocessor} ${algorithm}` : algorithm;
}

export function scoreText(score: number | null): string {
  return score === null ? 'nan' : score.toFixed(4);
}

/** `0:01:07.5`: hours, minutes, seconds. */
function duration(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [hours, minutes, rest] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, tenths % 600];
  return `${hours}:${String(minutes).padStart(2, '0')}:${(rest / 10).toFixed(1).padStart(4, '0')}`;
}
