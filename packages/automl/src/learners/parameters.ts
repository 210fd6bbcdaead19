/** Reading a learner's parameters: defaults filled in, unknown names and wrong values refused by name. */
import { MalachiteError } from '@malachite/core';
import type { LearnerParams } from './learner.ts';

export type NumberParam = { readonly default: number; readonly lowest: number; readonly highest: number };
export type ChoiceParam = { readonly default: string; readonly choices: readonly string[] };
export type FlagParam = { readonly default: boolean };
export type Param = NumberParam | ChoiceParam | FlagParam;

/** What reading gives for each parameter: a number, one of the choices, or a boolean. */
export type ParamValues<Known extends Readonly<Record<string, Param>>> = {
  [Name in keyof Known]: Known[Name] extends ChoiceParam
    ? Known[Name]['choices'][number]
    : Known[Name] extends FlagParam
      ? boolean
      : number;
};

/** @throws MalachiteError `InvalidInput` naming the learner, the parameter and what it may be. */
export function readParams<const Known extends Readonly<Record<string, Param>>>(
  learner: string,
  given: LearnerParams,
  known: Known,
): ParamValues<Known> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known).join(', ') || 'none';
      throw new MalachiteError('InvalidInput', `${learner} has no parameter "${name}". It has: ${names}.`);
    }
  }
  return Object.fromEntries(
    Object.entries(known).map(([name, param]) => {
      const value = given[name] ?? param.default;
      const allowed = refusal(param, value);
      if (allowed === undefined) return [name, value];
      throw new MalachiteError('InvalidInput', `${learner} parameter "${name}" is ${String(value)}; it must be ${allowed}.`);
    }),
  ) as ParamValues<Known>;
}

/** What the parameter may be, when `value` is something else. */
function refusal(param: Param, value: number | string | boolean): string | undefined {
  if ('choices' in param) {
    return typeof value === 'string' && param.choices.includes(value) ? undefined : `one of ${param.choices.join(', ')}`;
  }
  if (!('lowest' in param)) return typeof value === 'boolean' ? undefined : 'true or false';
  const { lowest, highest } = param;
  return typeof value === 'number' && value >= lowest && value <= highest ? undefined : `a number in [${lowest}, ${highest}]`;
}
