/** All guardrails, and the file in which Azure keeps what they found. */

import type { Guardrail } from '@malachite/core';
import { classBalancing } from './class-balancing.ts';
import { coarseNumbers } from './coarse-numbers.ts';
import { constantColumns } from './constant-columns.ts';
import { duplicateColumns } from './duplicate-columns.ts';
import { duplicateRows } from './duplicate-rows.ts';
import type { GuardrailCheck, GuardrailInput } from './guardrail.ts';
import { highCardinality } from './high-cardinality.ts';
import { idLikeColumns } from './id-like-columns.ts';
import { infiniteValues } from './infinite-values.ts';
import { labelSpelling } from './label-spelling.ts';
import { missingValues } from './missing-values.ts';
import { mixedTypes } from './mixed-types.ts';
import { smallClasses } from './small-classes.ts';
import { targetLeakage } from './target-leakage.ts';
import { validationDrift } from './validation-drift.ts';
import { crossValidation, trainTestSplit } from './validation-split.ts';

/** In the order in which they are told: Azure's, then ours. */
export const guardrailChecks: readonly GuardrailCheck[] = [
  crossValidation,
  trainTestSplit,
  classBalancing,
  missingValues,
  highCardinality,
  targetLeakage,
  idLikeColumns,
  constantColumns,
  duplicateColumns,
  infiniteValues,
  coarseNumbers,
  mixedTypes,
  smallClasses,
  labelSpelling,
  duplicateRows,
  validationDrift,
];

/** Looks at the data with every guardrail; those that have nothing to say about this problem are left out. */
export function runGuardrails(input: GuardrailInput): Guardrail[] {
  return guardrailChecks.flatMap((guardrail) => {
    const finding = guardrail.check(input);
    if (finding === undefined) return [];
    const { result, description, parameters } = finding;
    const copies = parameters.map((parameter) => ({ ...parameter }));
    const { type, friendlyType, parameterNames } = guardrail;
    const headed = copies.length === 0 ? {} : { parameterNames: { ...parameterNames } };
    return [{ type, friendlyType, result, description, parameters: copies, ...headed }];
  });
}

/** The content of `outputs/verifier_results.json`. */
export type VerifierResults = {
  readonly schema_type: 'fault_verifier';
  readonly schema_version: '1.0.0';
  readonly faults: readonly Fault[];
};

export type Fault = {
  readonly type: string;
  readonly result: Guardrail['result'];
  readonly parameters: readonly Readonly<Record<string, string>>[];
  readonly friendly_type: string;
  readonly friendly_result: string;
  readonly friendly_parameters: readonly Readonly<Record<string, string>>[];
  readonly friendly_learn_more: string;
  readonly friendly_parameter_preface: string;
};

/** Guardrails in the form of Azure's file; SDKs print `DATA GUARDRAILS` from it. */
export function verifierResults(guardrails: readonly Guardrail[]): VerifierResults {
  return { schema_type: 'fault_verifier', schema_version: '1.0.0', faults: guardrails.map(asFault) };
}

function asFault({ type, friendlyType, result, description, parameters }: Guardrail): Fault {
  const kind = guardrailChecks.find((check) => check.type === type);
  const named = (parameter: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(parameter).map(([name, value]) => [kind?.parameterNames[name] ?? name, value]));
  return {
    type,
    result,
    parameters,
    friendly_type: friendlyType,
    friendly_result: description,
    friendly_parameters: parameters.map(named),
    friendly_learn_more: kind?.learnMore ?? '',
    friendly_parameter_preface: kind?.preface ?? '',
  };
}
