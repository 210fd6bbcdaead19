/** What every guardrail is: a look at the data that passes, does something or warns. */

import type { Guardrail } from '@malachite/core';
import type { FeaturizationSettings } from '../featurization/settings.ts';
import type { ClassLabel, Target } from '../learners/learner.ts';
import type { DetectedPurpose } from '../purpose/index.ts';
import type { Column, Table } from '../table/table.ts';
import type { ValidationPlan } from '../validation/index.ts';

export type GuardrailInput = {
  /** The feature columns of all rows that have a target. */
  readonly features: Table;
  /** One entry a feature column, in any order. */
  readonly purposes: readonly DetectedPurpose[];
  readonly target: Target;
  /** Sample weights; with them classes need no balance. */
  readonly weights?: Float64Array | undefined;
  readonly validation: ValidationPlan;
  /** False when featurization is off: then nothing is imputed. */
  readonly featurized: boolean;
  /** What the job says of imputation; columns that it does not name are imputed by Azure's rule. */
  readonly settings: Pick<FeaturizationSettings, 'imputations'>;
  readonly seed: number;
  /** Asked between columns where each takes time; true leaves out the rest. */
  readonly shouldStop?: () => boolean;
};

/** Words that stay the same whatever is found. */
export type GuardrailKind = {
  readonly type: string;
  readonly friendlyType: string;
  /** A sentence with a link, or nothing. */
  readonly learnMore: string;
  /** A sentence that stands before the table of parameters, or nothing. */
  readonly preface: string;
  /** The heading of each parameter, in the order of the table. */
  readonly parameterNames: Readonly<Record<string, string>>;
};

/** A guardrail: its fixed words, and the check; undefined when it has nothing to say about this problem. */
export type GuardrailCheck = GuardrailKind & {
  check(input: GuardrailInput): Finding | undefined;
};

export type Finding = {
  readonly result: Guardrail['result'];
  readonly description: string;
  readonly parameters: readonly Readonly<Record<string, string>>[];
};

/** A finding without a table. */
export function passed(description: string): Finding {
  return { result: 'passed', description, parameters: [] };
}

/** Longer tables are cut: a person reads the first lines, and a table of 10,000 columns must not fill the screen. */
const mostListed = 50;

/** The first lines of a long table of parameters, and a last one that says how many more there are. */
export function listed(parameters: readonly Readonly<Record<string, string>>[]): Finding['parameters'] {
  const [first = ''] = Object.keys(parameters[0] ?? {});
  const more = parameters.length - mostListed;
  return more <= 0 ? parameters : [...parameters.slice(0, mostListed), { [first]: `and ${more} more` }];
}

/** Each feature column with what was detected of it. */
export function columnsWithPurposes({ features, purposes }: GuardrailInput): { column: Column; detected: DetectedPurpose }[] {
  const byName = new Map(purposes.map((detected) => [detected.name, detected]));
  return features.columns.flatMap((column) => {
    const detected = byName.get(column.name);
    return detected === undefined ? [] : [{ column, detected }];
  });
}

/** Rows of each class. */
export function classCounts(y: Int32Array, classes: readonly ClassLabel[]): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const k of y) counts[k]!++;
  return counts;
}
