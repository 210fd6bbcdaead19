/** Ours, not Azure's: warns of columns that know the answer. */

import type { Target } from '../learners/learner.ts';
import { averageRanks } from '../metrics/rank.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';
import { scoringRows, singleColumnScore } from './single-column-score.ts';
import { timeColumn } from './time-column.ts';

/** A column that alone reaches this AUC or R² says nearly all there is to say. */
const nearlyAll = 0.975;
/** From this AUC or R² on, a column whose name tells of the time after the event is suspicious. */
const telling: Readonly<Record<Target['task'], number>> = { classification: 0.7, regression: 0.5 };

/** Words in a column's name for what is only known once the event is over: how long it took, how it ended. */
const afterwards = new Set(
  'duration elapsed time outcome result resolution closed ended finished completed final actual followup aftermath'.split(' '),
);

export const targetLeakage: GuardrailCheck = {
  type: '_target_leakage',
  friendlyType: 'Target leakage detection',
  learnMore: '',
  preface: 'A column that is only known after the event makes a model look good in training and fail in use.',
  parameterNames: { column_name: 'Column name', metric: 'Metric', score: 'Score of the column alone', why: 'Why' },
  check(input: GuardrailInput): Finding {
    const { features, target, seed, shouldStop } = input;
    const rows = scoringRows(features.rowCount, features.columns.length, seed);
    const measures = measuresOf(target);
    let skipped = 0;
    const parameters = columnsWithPurposes(input).flatMap(({ column: raw, detected }) => {
      const { purpose } = detected;
      if (shouldStop?.()) {
        skipped++;
        return [];
      }
      if (purpose === 'Ignore' || purpose === 'AllNan' || purpose === 'Hashes') return [];
      const column = timeColumn(raw, detected, rows);
      for (const { metric, target: measured } of measures) {
        const score = singleColumnScore(column, measured, rows);
        if (score === null) continue;
        const why = suspicion(column.name, purpose === 'DateTime', score, telling[target.task]);
        if (why !== undefined) return [{ column_name: column.name, metric, score: score.toFixed(3), why }];
      }
      return [];
    });
    const unseen =
      skipped === 0 ? '' : ` There was no time to look at the last ${skipped} of ${features.columns.length} columns.`;
    if (parameters.length === 0) return passed(`No column predicts the target suspiciously well on its own.${unseen}`);
    return {
      result: 'alerted',
      description: `Check that these columns are known when a prediction is made; drop those that are not.${unseen}`,
      parameters: listed(parameters),
    };
  },
};

/**
 * What a column is measured by. Of a number also by its ranks: where a few values are far above all others, they alone decide R², and a
 * copy of the target in bins does not reach them.
 */
function measuresOf(target: Target): { metric: string; target: Target }[] {
  if (target.task === 'classification') return [{ metric: 'AUC_weighted', target }];
  return [
    { metric: 'r2_score', target },
    { metric: 'r2_score of ranks', target: { ...target, y: averageRanks(target.y) } },
  ];
}

function suspicion(name: string, isDate: boolean, score: number, threshold: number): string | undefined {
  if (score >= nearlyAll) return 'predicts almost everything on its own';
  if (isDate || score < threshold) return undefined;
  const word = wordsOf(name).find((part) => afterwards.has(part));
  return word === undefined ? undefined : `"${word}" in its name: it may be known only after the fact`;
}

/** `tripTimeInSecs`, `trip_time_in_secs` → trip, time, in, secs */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
}
