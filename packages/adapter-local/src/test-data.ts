/** A table that models can learn from, for tests. */
import type { Dataset, Workspace } from '@malachite/core';

/**
 * CSV with numbers, categories, missing values and a target `y` (`no`, `yes`) that depends on them; the same text for the
 * same number of rows and seed.
 */
export function learnableCsv(rows = 300, seed = 1): string {
  let state = seed;
  const random = (): number => {
    // Park and Miller's minimal standard generator.
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const lines = Array.from({ length: rows }, () => {
    const age = 18 + Math.floor(random() * 60);
    const balance = random() < 0.05 ? '' : (random() * 4000 - 1000).toFixed(2);
    const job = ['student', 'clerk', 'farmer'][Math.floor(random() * 3)] as string;
    const score = (age - 45) / 15 + (job === 'student' ? 1 : 0) + Number(balance || 0) / 2000 + random() - 0.7;
    return `${age},${balance},${job},${score > 0 ? 'yes' : 'no'}`;
  });
  return ['age,balance,job,y', ...lines, ''].join('\n');
}

/** Registers a table as the next version of a dataset. */
export async function createTable(workspace: Workspace, name: string, csv: string = learnableCsv()): Promise<Dataset> {
  const { sha256 } = await workspace.datastore.put(bytesOf(csv));
  return workspace.datasets.create({ name, files: [{ path: `${name}.csv`, sha256 }] });
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
