import { describe, expect, it } from 'vitest';
import { operations } from '../operations.ts';
import { type Ports, supportsAll, type Workspace } from '../workspace.ts';
import { collect } from './assertions.ts';
import { bankCsv, bankRows } from './bank.ts';
import { conforming } from './conforming.ts';

/** A workspace that answers every call with this value, and every stream with this one item. */
function answering(answer: unknown): Workspace {
  const ports = Object.entries(operations).map(([port, methods]) => {
    const calls = Object.entries(methods).map(([name, { kind }]) => [
      name,
      kind === 'events' || kind === 'download' ? () => ReadableStream.from([answer]) : async () => answer,
    ]);
    return [port, Object.fromEntries(calls)];
  });
  return { name: 'w', backend: 'local', supports: supportsAll, ...(Object.fromEntries(ports) as Ports), close: async () => {} };
}

const blob = { sha256: 'a'.repeat(64), sizeBytes: 3 };

describe('holding answers against their schemas', () => {
  it('lets through what has the form of its schema', async () => {
    const { datastore, datasets } = conforming(answering(blob));
    expect(await datastore.put(ReadableStream.from([]))).toEqual(blob);
    await expect(datasets.archive({ name: 'x' })).resolves.toEqual(blob);
  });

  it('fails where an answer or an event has not, and says which and where', async () => {
    const { datastore, compute, training } = conforming(answering({ ...blob, sizeBytes: '3' }));
    await expect(datastore.put(ReadableStream.from([]))).rejects.toThrow(/datastore\.put answers out of form: \/sizeBytes/);
    await expect(compute.list({})).rejects.toThrow(/compute\.list answers out of form/);
    await expect(collect(training.events({ name: 'j' }))).rejects.toThrow(/training\.events answers out of form/);
  });
});

describe('the table of the suite', () => {
  it('is the same every time, with what a model needs to learn and a profile to show', () => {
    expect(bankRows()).toEqual(bankRows());
    expect(bankRows(300, 1)).not.toEqual(bankRows());
    const rows = bankRows();
    const share = rows.filter(({ y }) => y === 'yes').length / rows.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.75);
    expect(rows.filter(({ balance }) => balance === null).length).toBeGreaterThan(10);
    expect(rows.filter(({ job }) => job === null).length).toBeGreaterThan(5);
    expect(bankCsv(rows).split('\n')).toHaveLength(302);
  });
});
