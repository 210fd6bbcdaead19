/** The contract on two workspaces: which cases pass where, and where the answers to one call differ. */
import { workspaceContract } from '@malachite/core/contract';
import { type CaseResult, caseRunner } from './case-runner.ts';
import { type Difference, differences } from './differences.ts';
import { type RecordedCall, recordedSend, recordedWorkspace } from './recorded-calls.ts';
import type { Side } from './sides.ts';

export type ParityCase = { readonly case: string; readonly left: string; readonly right: string };
export type Parity = {
  readonly sides: readonly [string, string];
  readonly cases: readonly ParityCase[];
  readonly differences: readonly Difference[];
};

type Ran = { readonly results: readonly CaseResult[]; readonly calls: readonly RecordedCall[] };

/** One after the other: they share the machine. */
export async function runParity(left: Side, right: Side, signal: AbortSignal, note: (line: string) => void): Promise<Parity> {
  const ran = [await runContract(left, signal, note), await runContract(right, signal, note)] as const;
  return {
    sides: [left.name, right.name],
    cases: sideBySide(ran[0].results, ran[1].results),
    differences: differences(ran[0].calls, ran[1].calls),
  };
}

async function runContract(side: Side, signal: AbortSignal, note: (line: string) => void): Promise<Ran> {
  const calls: RecordedCall[] = [];
  let during = '';
  const record = (call: Omit<RecordedCall, 'during'>) => void calls.push({ ...call, during });
  const { test, run } = caseRunner(signal);
  workspaceContract({
    name: side.name,
    test,
    supports: side.supports,
    ...(side.patienceMs !== undefined && { patienceMs: side.patienceMs }),
    send: recordedSend(async (uri, { method, headers, body }) => {
      const response = await fetch(uri, { method, ...(headers && { headers }), ...(body !== undefined && { body }) });
      const answered = { status: response.status, body: await response.text() };
      return { ...answered, headers: Object.fromEntries(response.headers) };
    }, record),
    open: async () => recordedWorkspace(await side.open(), record),
    reopen: async (workspace) => recordedWorkspace(await side.reopen(workspace), record),
    close: (workspace) => side.close(workspace),
  });
  const results = await run((name) => {
    during = name;
    note(`${side.name}: ${name}`);
  });
  return { results, calls };
}

/** In the order of the first; a group that is skipped as a whole says so at each of its cases. */
export function sideBySide(left: readonly CaseResult[], right: readonly CaseResult[]): ParityCase[] {
  const isCase = (result: CaseResult, others: readonly CaseResult[]) =>
    result.outcome !== 'skipped' || !others.some(({ name }) => name.startsWith(`${result.name} > `));
  const names = new Set([
    ...left.filter((result) => isCase(result, right)).map(({ name }) => name),
    ...right.filter((result) => isCase(result, left)).map(({ name }) => name),
  ]);
  return [...names].map((name) => ({ case: name, left: cell(left, name), right: cell(right, name) }));
}

/** `-` for a case that says what this side cannot do, and so has no counterpart on one that can. */
function cell(results: readonly CaseResult[], name: string): string {
  const found = results.find((each) => each.name === name);
  const group = results.find((each) => each.outcome === 'skipped' && name.startsWith(`${each.name} > `));
  const result = found ?? group;
  if (!result) return '-';
  return result.why === undefined ? result.outcome : `${result.outcome}: ${result.why.split('\n').join(' ')}`;
}
