/** What parity prints: the table of cases, the table of differences, and a line that sums them up. */
import { renderTable } from '../cli/table.ts';
import type { Difference } from './differences.ts';
import type { Replay } from './recordings.ts';
import type { Parity } from './run-parity.ts';

export function parityText({ sides, cases, differences }: Parity): string {
  const rows = cases.map((each) => [each.case, each.left, each.right]);
  const tally = sides.map((side, i) => {
    const cells = cases.map(({ left, right }) => (i === 0 ? left : right));
    const count = (word: string) => cells.filter((cell) => cell.startsWith(word)).length;
    return `${side}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped.`;
  });
  return [renderTable(['case', ...sides], rows), '', differenceTable(grouped(differences), sides), '', ...tally].join('\n');
}

export const replayText = (replays: readonly Replay[]): string =>
  replays
    .map(({ recording, requests, differences }) =>
      [
        differenceTable(differences, ['Azure (recorded)', 'Malachite']),
        `${recording}: ${requests} requests, ${differences.length} differences.`,
      ].join('\n'),
    )
    .join('\n\n');

function differenceTable(differences: readonly Difference[], sides: readonly [string, string]): string {
  if (differences.length === 0) return 'The answers do not differ.';
  const rows = folded(differences).map(({ operation, where, left, right, times, during }) => [
    operation,
    where,
    left,
    right,
    times,
    during,
  ]);
  return renderTable(['operation', 'where', ...sides, 'times', 'first in'], rows);
}

/** A field that is another in `datasets.create`, `get` and `list` is one difference: `datasets.create, get, list`. */
export function grouped(differences: readonly Difference[]): Difference[] {
  const groups = new Map<string, Difference>();
  for (const { operation, where, ...rest } of differences) {
    const [port = '', ...method] = operation.split('.');
    // Of a list, or alone.
    const field = where.replace(/^body(?:\[\])?\./, '');
    const key = `${port} ${field}`;
    const known = groups.get(key);
    groups.set(key, {
      ...(known ?? { ...rest, where: field }),
      operation: known ? `${known.operation}, ${method.join('.')}` : operation,
      times: rest.times + (known?.times ?? 0),
    });
  }
  return [...groups.values()];
}

/** Fields beside each other that are others in the same way are one line: `data[].{age, job, 12 more}`. */
export function folded(differences: readonly Difference[]): Difference[] {
  const folds = new Map<string, { readonly first: Difference; readonly leaves: string[] }>();
  for (const difference of differences) {
    const { operation, where, left, right } = difference;
    const cut = where.lastIndexOf('.') + 1;
    const key = JSON.stringify([operation, where.slice(0, cut), left, right]);
    const fold = folds.get(key) ?? { first: difference, leaves: [] };
    fold.leaves.push(where.slice(cut));
    folds.set(key, fold);
  }
  return [...folds.values()].map(({ first, leaves }) => {
    if (leaves.length === 1) return first;
    const shown = leaves.length > 3 ? [...leaves.slice(0, 2), `${leaves.length - 2} more`] : leaves;
    return { ...first, where: `${first.where.slice(0, first.where.lastIndexOf('.') + 1)}{${shown.join(', ')}}` };
  });
}
