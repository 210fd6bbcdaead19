/** A test runner for the contract outside of any: it collects the cases, runs them one after another, and says how each went. */
import type { Runner } from '@malachite/core/contract';

export type CaseResult = {
  /** `training > the result > has learned what the data has to teach`. */
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Of a failure its sentence, of a skipped case what is not supported. */
  readonly why?: string;
};

type Case = { readonly name: string; readonly run?: () => Promise<void> };

export type CaseRunner = {
  readonly test: Runner;
  /** @param began told of each case that runs, before it does. */
  run(began: (name: string) => void): Promise<CaseResult[]>;
};

export function caseRunner(signal: AbortSignal): CaseRunner {
  const path: string[] = [];
  const cases: Case[] = [];
  const before: (() => Promise<void>)[] = [];
  const after: (() => Promise<void>)[] = [];
  // The outermost name is of the adapter, the same in all.
  const nameOf = (name: string) => [...path.slice(1), name].join(' > ');
  return {
    test: {
      describe(name, inside) {
        path.push(name);
        inside();
        path.pop();
      },
      it: (name, run) => void cases.push({ name: nameOf(name), run }),
      skip: (name) => void cases.push({ name: nameOf(name) }),
      beforeAll: (run) => void before.push(run),
      afterAll: (run) => void after.push(run),
    },
    async run(began) {
      const results: CaseResult[] = [];
      try {
        for (const run of before) await run();
        for (const each of cases) {
          signal.throwIfAborted();
          if (each.run) began(each.name);
          results.push(await resultOf(each, signal));
        }
      } finally {
        for (const run of after) await run();
      }
      return results;
    },
  };
}

/** A case that is interrupted is left where it is: it may be waiting for half an hour. */
async function resultOf({ name, run }: Case, signal: AbortSignal): Promise<CaseResult> {
  if (!run) return skipped(name);
  const interrupted = Promise.withResolvers<never>();
  const interrupt = () => interrupted.reject(signal.reason);
  signal.addEventListener('abort', interrupt);
  try {
    await Promise.race([run(), interrupted.promise]);
    return { name, outcome: 'passed' };
  } catch (error) {
    signal.throwIfAborted();
    return { name, outcome: 'failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** A skipped case says behind its name what is not supported; a skipped group of cases is named by that alone. */
function skipped(text: string): CaseResult {
  const [, name, what] = /^(.*) \((.+): not supported\)$/.exec(text) ?? [];
  if (name && what) return { name, outcome: 'skipped', why: `no ${what}` };
  return { name: text.replace(/: .*not supported$/, ''), outcome: 'skipped', why: 'not supported' };
}
