import type { Workspace } from '@malachite/core';
import { MalachiteError } from '@malachite/core';
import { describe, expect, it } from 'vitest';
import { caseRunner } from './case-runner.ts';
import { differences } from './differences.ts';
import { ownNames } from './own-names.ts';
import { folded, grouped } from './parity-text.ts';
import { type RecordedCall, recordedWorkspace } from './recorded-calls.ts';
import { sideBySide } from './run-parity.ts';

describe('a case runner', () => {
  it('runs cases in order between what comes before and after, and tells how each went', async () => {
    const order: string[] = [];
    const { test, run } = caseRunner(new AbortController().signal);
    test.describe('a workspace (x)', () => {
      test.beforeAll(async () => void order.push('before'));
      test.afterAll(async () => void order.push('after'));
      test.describe('jobs', () => {
        test.it('run', async () => void order.push('run'));
        test.it('fail', async () => {
          throw new Error('no');
        });
        test.skip('are proved (proof: not supported)');
      });
      test.skip('pipelines: not supported');
    });
    expect(await run((name) => order.push(name))).toEqual([
      { name: 'jobs > run', outcome: 'passed' },
      { name: 'jobs > fail', outcome: 'failed', why: 'no' },
      { name: 'jobs > are proved', outcome: 'skipped', why: 'no proof' },
      { name: 'pipelines', outcome: 'skipped', why: 'not supported' },
    ]);
    expect(order).toEqual(['before', 'jobs > run', 'run', 'jobs > fail', 'after']);
  });

  it('sets two sides beside each other, each case of a group that one side skips included', () => {
    const left = [
      { name: 'pipelines > run', outcome: 'passed' },
      { name: 'jobs > run', outcome: 'passed' },
    ] as const;
    const right = [
      { name: 'pipelines', outcome: 'skipped', why: 'not supported' },
      { name: 'jobs > run', outcome: 'failed', why: 'no' },
      { name: 'says that it has no pipelines', outcome: 'passed' },
    ] as const;
    expect(sideBySide(left, right)).toEqual([
      { case: 'pipelines > run', left: 'passed', right: 'skipped: not supported' },
      { case: 'jobs > run', left: 'passed', right: 'failed: no' },
      { case: 'says that it has no pipelines', left: '-', right: 'passed' },
    ]);
  });
});

describe('differences', () => {
  const call = (operation: string, status: number, body: unknown, headers?: Record<string, string>): RecordedCall => ({
    during: 'a case',
    operation,
    input: {},
    outcome: { status, body, ...(headers && { headers }) },
  });

  it('are told by status, header and field', () => {
    const left = [
      call('a.b', 200, { n: 1, list: [{ x: 'p' }, { x: 'q' }] }, { Kind: 'json', date: 'now' }),
      call('a.c', 404, {}),
    ];
    const right = [
      call('a.b', 200, { n: 2, list: [{ x: 'p' }, { x: 1 }] }, { kind: 'text', date: 'later' }),
      call('a.c', 409, {}),
    ];
    expect(differences(left, right).map(({ operation, where, left: one, right: two }) => [operation, where, one, two])).toEqual([
      ['a.b', 'headers.kind', 'json', 'text'],
      ['a.b', 'body.n', '1', '2'],
      ['a.b', 'body.list[].x', 'q', '1'],
      ['a.c', 'status', '404', '409'],
    ]);
  });

  it('of one field in several calls of a port are shown as one', () => {
    const at = (operation: string, where: string) => ({
      operation,
      where,
      left: '300',
      right: 'null',
      times: 2,
      during: 'a case',
    });
    const all = [at('datasets.get', 'body.rowCount'), at('datasets.list', 'body[].rowCount'), at('models.list', 'body.length')];
    expect(grouped(all).map(({ operation, where, times }) => [operation, where, times])).toEqual([
      ['datasets.get, list', 'rowCount', 4],
      ['models.list', 'length', 2],
    ]);
  });

  it('of fields beside each other are one line where they are others in the same way', () => {
    const at = (where: string, right = '0') => ({ operation: 'GET /', where, left: 'x', right, times: 1, during: 'a' });
    const all = [at('a.b'), at('a.c'), at('a.d', '1'), at('e.f'), ...['p', 'q', 'r', 's'].map((leaf) => at(`g[].${leaf}`))];
    expect(folded(all).map(({ where }) => where)).toEqual(['a.{b, c}', 'a.d', 'e.f', 'g[].{p, q, 2 more}']);
  });

  it('are none where only times, addresses, ids, keys, job names and measured numbers are others', () => {
    const body = (time: string, uri: string, id: string, job: string, seconds: number) => ({
      time,
      uri,
      id,
      job,
      trial: `${job}_3`,
      seconds,
    });
    const one = body('2026-01-01T00:00:00.000Z', 'http://a/b', 'a'.repeat(64), 'maroon_boot_jb0dh2jnb6', 1.5);
    const two = body('2026-01-02T03:04:05Z', 'https://c/d', 'b'.repeat(64), 'cool_arch_1b0dh2jnbx', 2.25);
    expect(differences([call('a.b', 200, one)], [call('a.b', 200, two)])).toEqual([]);
    const answer = (id: string) => call('a.b', 200, null, { 'x-request-id': id });
    expect(differences([answer('1')], [answer('2')])).toEqual([]);
    expect(differences([answer('1')], [call('a.b', 200, null)])).toHaveLength(1);
    expect(differences([call('a.b', 200, { key: 'x1'.repeat(16) })], [call('a.b', 200, { key: 'y2'.repeat(16) })])).toEqual([]);
  });
});

/** A workspace whose compute port answers, or refuses, with the name that it was given. */
const echo = {
  compute: {
    get: async ({ name }: { name: string }) => ({ name, uri: `https://${name}.example` }),
    delete: async ({ name }: { name: string }) => {
      throw new MalachiteError('NotFound', `There is no "${name}".`);
    },
  },
} as unknown as Workspace;
const others = { datastore: {}, datasets: {}, training: {}, models: {}, deployment: {}, pipelines: {}, telemetry: {} };

describe('a workspace with names of its own', () => {
  it('is asked by them, answers without them, and leaves addresses alone', async () => {
    const { compute } = ownNames({ ...others, ...echo } as Workspace, 'm12-');
    expect(await compute.get({ name: 'contract-cpu' })).toEqual({
      name: 'contract-cpu',
      uri: 'https://m12-contract-cpu.example',
    });
    expect(await compute.get({ name: 'cpu' })).toMatchObject({ name: 'cpu' });
    await expect(compute.delete({ name: 'contract-cpu' })).rejects.toThrow('There is no "contract-cpu".');
  });

  it('is recorded with what came of each call', async () => {
    const calls: unknown[] = [];
    const { compute } = recordedWorkspace({ ...others, ...echo } as Workspace, (call) => void calls.push(call));
    await compute.get({ name: 'cpu' });
    await compute.delete({ name: 'cpu' }).catch(() => undefined);
    expect(calls).toMatchObject([
      { operation: 'compute.get', input: { name: 'cpu' }, outcome: { status: 200, body: { name: 'cpu' } } },
      { operation: 'compute.delete', outcome: { status: 404, body: { code: 'NotFound' } } },
    ]);
  });
});
