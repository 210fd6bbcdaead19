/** Reading a learner's parameters: defaults filled in, unknown names and wrong values refused by name. */
import { MalachiteError } from '@malachite/core';
import type { LearnerParams } from './learner.ts';

export type NumberParam = { readonly default: number; readonly lowest: number; readonly highest: number };

/** @throws MalachiteError `InvalidInput` naming the learner, the parameter and what it may be. */
export function readParams<Names extends string>(
  learner: string,
  given: LearnerParams,
  known: Readonly<Record<Names, NumberParam>>,
): Record<Names, number> {
  const names = Object.keys(known) as Names[];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) {
      throw new MalachiteError('InvalidInput', `${learner} has no parameter "${name}". It has: ${names.join(', ')}.`);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const { default: fallback, lowest, highest } = known[name];
      const value = given[name] ?? fallback;
      if (typeof value !== 'number' || !(value >= lowest && value <= highest)) {
        throw new MalachiteError(
          'InvalidInput',
          `${learner} parameter "${name}" is ${String(value)}; it must be a number in [${lowest}, ${highest}].`,
        );
      }
      return [name, value];
    }),
  ) as Record<Names, number>;
}
