/** Data guardrails, as the service keeps them with the run that looked at the data. */
import type { Guardrail } from '@malachite/core';

type Verifier = {
  readonly faults?: readonly {
    readonly type: string;
    readonly result: Guardrail['result'];
    readonly friendly_type: string;
    readonly friendly_result: string;
    readonly parameters?: Guardrail['parameters'];
  }[];
};

/** Out of the text of `outputs/verifier_results.json`. */
export function guardrailsIn(text: string): Guardrail[] {
  const { faults = [] } = JSON.parse(text) as Verifier;
  return faults.map(({ type, result, friendly_type, friendly_result, parameters = [] }) => ({
    type,
    friendlyType: friendly_type,
    result,
    description: friendly_result,
    parameters: parameters.map((parameter) => ({ ...parameter })),
  }));
}

/** How trials were validated: the service says that as a guardrail. */
export const validationIn = (guardrails: readonly Guardrail[]): string | null =>
  guardrails.find(({ type }) => /cross_validation|train_test_split/.test(type))?.description ?? null;
