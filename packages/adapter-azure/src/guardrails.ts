/** Data guardrails, as the service keeps them with the run that looked at the data. */
import type { Guardrail } from '@malachite/core';

type Verifier = {
  readonly faults?: readonly {
    readonly type: string;
    readonly result: Guardrail['result'];
    readonly friendly_type: string;
    readonly friendly_result: string;
    readonly parameters?: Guardrail['parameters'];
    /** The same values under their headings. */
    readonly friendly_parameters?: Guardrail['parameters'];
  }[];
};

/** Out of the text of `outputs/verifier_results.json`. */
export function guardrailsIn(text: string): Guardrail[] {
  const { faults = [] } = JSON.parse(text) as Verifier;
  return faults.map(({ type, result, friendly_type, friendly_result, parameters = [], friendly_parameters = [] }) => ({
    type,
    friendlyType: friendly_type,
    result,
    description: friendly_result,
    parameters: parameters.map((parameter) => ({ ...parameter })),
    ...headingsOf(parameters[0], friendly_parameters[0]),
  }));
}

type Parameter = Guardrail['parameters'][number];

/** The two lists are in one order. */
function headingsOf(first: Parameter | undefined, headed: Parameter | undefined): Pick<Guardrail, 'parameterNames'> {
  if (!first || !headed) return {};
  const headings = Object.keys(headed);
  return { parameterNames: Object.fromEntries(Object.keys(first).map((name, i) => [name, headings[i] ?? name])) };
}

/** How trials were validated: the service says that as a guardrail. */
export const validationIn = (guardrails: readonly Guardrail[]): string | null =>
  guardrails.find(({ type }) => /cross_validation|train_test_split/.test(type))?.description ?? null;
