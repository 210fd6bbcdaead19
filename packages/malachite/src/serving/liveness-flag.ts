/** `--liveness-probe` of `malachite serve`: what `liveness_probe` is in the YAML of a deployment. */
import { MalachiteError } from '@malachite/core/errors';
import type { Probe } from '@malachite/scoring';
import type { Flag } from '../cli/flags.ts';

const fields = {
  initial_delay: 'initialDelay',
  period: 'period',
  timeout: 'timeout',
  failure_threshold: 'failureThreshold',
} as const satisfies Record<string, keyof Probe>;
const names = Object.keys(fields).join(', ');

export const livenessFlag: Flag = {
  flags: '--liveness-probe <name=value...>',
  describe: `When a process that hangs is replaced: ${names}, as in a deployment's YAML. Default: after 30 questions without an answer, one every ten seconds; later where a script may take longer.`,
};

/** @throws InvalidInput naming the word that is no setting */
export function readLiveness(words: readonly string[]): Probe | undefined {
  if (words.length === 0) return undefined;
  return Object.fromEntries(words.map(setting));
}

function setting(word: string): [string, number] {
  const [, name = '', value = ''] = /^(\w+)=([1-9]\d{0,8})$/.exec(word) ?? [];
  if (!Object.hasOwn(fields, name)) {
    throw new MalachiteError(
      'InvalidInput',
      `--liveness-probe takes ${names}, each with a whole number from 1 up; not "${word}".`,
    );
  }
  return [fields[name as keyof typeof fields], Number(value)];
}
