/** A flag that takes several words, with commas between them. */
import { MalachiteError } from '@malachite/core';
import type { Flags } from '../cli/flags.ts';

/**
 * The words of `--name a,b`, or undefined where it was not given.
 * @throws MalachiteError `InvalidInput` when it names nothing.
 */
export function listed(flags: Flags, name: string): string[] | undefined {
  const words = flags
    .text(name)
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words?.length !== 0) return words;
  throw new MalachiteError('InvalidInput', `--${name} takes names with commas between them; it names nothing.`);
}
