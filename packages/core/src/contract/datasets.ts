import type { ColumnProfile } from '../datasets.ts';
import type { Supports } from '../workspace.ts';
import { equal, near, ok, refused } from './assertions.ts';
import { type BankRow, bankColumns, bankCsv, bankRows } from './bank.ts';
import { type Runner, where } from './harness.ts';
import { createBank, keep, type Scene } from './scene.ts';

export function datasetsContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it, skip } = test;
  const itHasSchema = where(test, supports.schema, 'schema');

  it('are versions over bytes in the datastore', async () => {
    const dataset = await scene.bank();
    equal(dataset.version, '1', 'The first version');
    equal([dataset.type, dataset.format, dataset.isArchived], ['uri_file', 'csv', false]);
    equal(dataset.sizeBytes, bankCsv(bankRows()).length, 'The size');
    equal(
      dataset.files.map(({ path }) => path),
      ['bank.csv'],
      'The files',
    );
  });

  itHasSchema('have the schema found in them', async () => {
    const dataset = await scene.bank();
    equal(dataset.rowCount, 300, 'The number of rows');
    equal(dataset.columns, [
      { name: 'age', type: 'integer' },
      { name: 'balance', type: 'number' },
      { name: 'job', type: 'string' },
      { name: 'joined', type: 'date' },
      { name: 'y', type: 'string' },
    ]);
  });

  it('answer the version there is for the same bytes, and the next one for others', async () => {
    const { datasets } = scene.workspace;
    const first = await scene.bank();
    equal((await createBank(scene.workspace, 'contract-bank')).version, first.version, 'The version of the same bytes');
    const other = await createBank(scene.workspace, 'contract-versions', 1);
    const next = await createBank(scene.workspace, 'contract-versions', 2);
    equal([other.version, next.version], ['1', '2'], 'The versions');
    ok(other.sha256 !== next.sha256, 'Other bytes have another sha256.');
    equal(await datasets.get({ name: 'contract-versions' }), next, 'The latest version');
    equal(await datasets.get({ name: 'contract-versions', version: '1' }), other, 'Version 1');
    equal(await datasets.versions({ name: 'contract-versions' }), [next, other], 'All versions, newest first,');
    const listed = (await datasets.list({})).filter(({ name }) => name === 'contract-versions');
    equal(listed, [next], 'What the list shows of it');
  });

  it('refuse other bytes under a version that exists', async () => {
    const { datasets } = scene.workspace;
    const [{ sha256: one }, { sha256: two }] = [
      await keep(scene.workspace, 'a,b\n1,2\n'),
      await keep(scene.workspace, 'a,b\n3,4\n'),
    ];
    const files = (sha256: string) => [{ path: 'ab.csv', sha256 }];
    const input = { name: 'contract-fixed', version: '7', description: 'Two numbers.', tags: { source: 'contract' } };
    const dataset = await datasets.create({ ...input, files: files(one) });
    equal([dataset.version, dataset.description, dataset.tags], ['7', 'Two numbers.', { source: 'contract' }]);
    equal((await datasets.create({ ...input, files: files(one) })).createdAt, dataset.createdAt, 'The version created again');
    await refused(datasets.create({ ...input, files: files(two) }), 'Conflict', 'contract-fixed:7');
  });

  it('say which ones there are when asked for another', async () => {
    const { datasets } = scene.workspace;
    await createBank(scene.workspace, 'contract-versions', 1);
    await refused(datasets.get({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    await refused(datasets.get({ name: 'contract-versions', version: '99' }), 'NotFound', 'contract-versions:99', '1');
    await refused(datasets.versions({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
  });

  it('are made of bytes that are there, under paths that stay inside', async () => {
    const { datasets } = scene.workspace;
    const { sha256 } = await keep(scene.workspace, 'a,b\n1,2\n');
    const create = (path: string, address = sha256) =>
      datasets.create({ name: 'contract-bad', files: [{ path, sha256: address }] });
    await refused(create('ab.csv', '0'.repeat(64)), 'NotFound', '0'.repeat(64));
    for (const path of ['../ab.csv', '/etc/ab.csv', 'a/../../ab.csv']) await refused(create(path), 'InvalidInput', path);
    await refused(datasets.create({ name: '../bad', files: [{ path: 'ab.csv', sha256 }] }), 'InvalidInput', 'name');
    await refused(datasets.get({ name: 'contract-bad' }), 'NotFound');
  });

  it('refuse a misspelt field by its name', async () => {
    const { sha256 } = await keep(scene.workspace, 'a,b\n1,2\n');
    const misspelt = { name: 'contract-bad', files: [{ path: 'ab.csv', sha256 }], descripton: 'x' };
    await refused(scene.workspace.datasets.create(misspelt), 'InvalidInput', 'descripton');
  });

  itHasSchema('are read as JSON lines too, and without columns where the bytes are no table', async () => {
    const { datasets } = scene.workspace;
    const lines = await keep(scene.workspace, '{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n');
    const table = await datasets.create({ name: 'contract-lines', files: [{ path: 'ab.jsonl', sha256: lines.sha256 }] });
    equal([table.format, table.rowCount, table.columns.map(({ name }) => name)], ['jsonl', 2, ['a', 'b']]);
    const picture = await keep(scene.workspace, '\u0000\u0001\u0002 no table');
    const binary = await datasets.create({ name: 'contract-binary', files: [{ path: 'x.bin', sha256: picture.sha256 }] });
    equal([binary.format, binary.rowCount, binary.columns], ['binary', null, []]);
    await refused(datasets.preview({ name: 'contract-binary' }), 'InvalidInput', 'contract-binary');
  });

  itHasSchema('show rows in file order', async () => {
    const { name } = await scene.bank();
    const { columns, rows } = await scene.workspace.datasets.preview({ name, version: '1', limit: 3, offset: 10 });
    equal(
      columns.map((column) => column.name),
      bankColumns,
    );
    equal(
      rows,
      bankRows()
        .slice(10, 13)
        .map((row) => bankColumns.map((column) => row[column])),
    );
    equal((await scene.workspace.datasets.preview({ name })).rows.length, 20, 'The number of rows when none is asked for');
  });

  if (!supports.schema) {
    it('say that their rows cannot be shown', async () => {
      const { name } = await scene.bank();
      await refused(scene.workspace.datasets.preview({ name }), 'NotSupported');
    });
  }

  it('leave the lists when archived, stay where they are named, and come back', async () => {
    const { datasets } = scene.workspace;
    const { sha256 } = await keep(scene.workspace, 'a,b\n5,6\n');
    await datasets.create({ name: 'contract-old', files: [{ path: 'ab.csv', sha256 }] });
    await datasets.archive({ name: 'contract-old' });
    const names = async (includeArchived: boolean) => (await datasets.list({ includeArchived })).map(({ name }) => name);
    ok(!(await names(false)).includes('contract-old'), 'An archived dataset is listed.');
    ok((await names(true)).includes('contract-old'), 'An archived dataset is not listed with includeArchived.');
    ok((await datasets.get({ name: 'contract-old', version: '1' })).isArchived, 'It should say that it is archived.');
    await datasets.restore({ name: 'contract-old' });
    ok((await names(false)).includes('contract-old'), 'A dataset brought back is not listed.');
    await datasets.archive({ name: 'contract-old', version: '1' });
    await datasets.restore({ name: 'contract-old', version: '1' });
    ok(!(await datasets.get({ name: 'contract-old' })).isArchived, 'A version brought back says that it is archived.');
    await refused(datasets.archive({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    await refused(datasets.restore({ name: 'contract-absent' }), 'NotFound', 'contract-absent');
    await refused(datasets.restore({ name: 'contract-old', version: '9' }), 'NotFound', 'contract-old:9', '1');
  });

  if (supports.profile) {
    describe('profiles', () => {
      it('are the exact figures of every column', async () => {
        const { name } = await scene.bank();
        const profile = await scene.workspace.datasets.profile({ name, version: '1' });
        equal([profile.rowCount, profile.columns.map((column) => column.name)], [300, bankColumns]);
        for (const column of profile.columns) checkProfile(column);
      });

      it('need columns', async () => {
        const { sha256 } = await keep(scene.workspace, '\u0000\u0001\u0002 no table');
        const { name } = await scene.workspace.datasets.create({ name: 'contract-binary', files: [{ path: 'x.bin', sha256 }] });
        await refused(scene.workspace.datasets.profile({ name }), 'InvalidInput', name);
      });
    });
  } else {
    skip('profiles: not supported');
    it('say that they cannot be profiled', async () => {
      const { name } = await scene.bank();
      await refused(scene.workspace.datasets.profile({ name }), 'NotSupported');
    });
  }

  if (supports.query) {
    describe('queries', () => {
      const query = async (sql: string, limit?: number) => {
        const { name } = await scene.bank();
        return scene.workspace.datasets.query({ name, version: '1', sql, ...(limit !== undefined && { limit }) });
      };

      it('are one SELECT over the table, called "data" or by its own name', async () => {
        const yes = bankRows().filter((row) => row.y === 'yes').length;
        equal((await query("SELECT count(*) AS n FROM data WHERE y = 'yes'")).rows, [[yes]]);
        equal((await query('SELECT max(age) AS oldest FROM "contract-bank"')).rows, [
          [Math.max(...bankRows().map((row) => row.age))],
        ]);
        equal((await query('SELECT * FROM data', 5)).rows.length, 5, 'The number of rows under a limit');
      });

      it('say what is wrong with them', async () => {
        await refused(query('SELECT agee FROM data'), 'InvalidInput', 'agee');
        await refused(query('SELEKT'), 'InvalidInput');
      });

      it('reach nothing but this dataset', async () => {
        const attempts = [
          "SELECT * FROM read_csv('/etc/passwd')",
          "SELECT * FROM read_text('/etc/passwd')",
          "SELECT * FROM '/etc/passwd'",
          "SELECT * FROM glob('/*')",
          "COPY data TO '/tmp/contract-escape.csv'",
          "ATTACH '/tmp/contract-escape.db'",
          'INSTALL httpfs',
          'SET enable_external_access = true',
          'SELECT 1; DROP TABLE data',
          'CREATE TABLE t AS SELECT 1',
          'DELETE FROM data',
        ];
        for (const sql of attempts) await refused(query(sql), 'InvalidInput');
        equal((await query('SELECT count(*) FROM data')).rows, [[300]], 'The number of rows afterwards');
      });
    });
  } else {
    skip('queries: not supported');
    it('say that they cannot be queried', async () => {
      const { name } = await scene.bank();
      await refused(scene.workspace.datasets.query({ name, sql: 'SELECT 1' }), 'NotSupported');
    });
  }
}

function checkProfile(column: ColumnProfile): void {
  const cells = bankRows().map((row) => row[column.name as keyof BankRow]);
  const present = cells.filter((cell) => cell !== null);
  const what = `${column.name}:`;
  equal(
    [column.count, column.missing, column.distinct],
    [present.length, 300 - present.length, new Set(present).size],
    `${what} count, missing, distinct`,
  );
  const sorted = present.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  equal([column.min, column.max], [sorted[0], sorted.at(-1)], `${what} smallest and largest`);
  if (typeof sorted[0] === 'number') checkNumbers(column, sorted as number[]);
  else if (column.type === 'string') checkTexts(column, sorted as string[]);
}

function checkNumbers(column: ColumnProfile, sorted: readonly number[]): void {
  const what = (figure: string) => `${figure} of ${column.name}`;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1);
  near(column.mean, mean, what('The mean'));
  near(column.std, Math.sqrt(variance), what('The standard deviation'));
  for (const share of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
    near(column.quantiles?.[String(share)], below + (above - below) * (place - Math.floor(place)), what(`Quantile ${share}`));
  }
  const { edges, counts } = column.histogram ?? { edges: [], counts: [] };
  equal(edges.length, counts.length + 1, what('The number of edges'));
  near(edges[0], sorted[0] as number, what('The first edge'));
  near(edges.at(-1), sorted.at(-1) as number, what('The last edge'));
  const inBin = (i: number) => (value: number) =>
    value >= (edges[i] as number) && (value < (edges[i + 1] as number) || i === counts.length - 1);
  equal(
    counts,
    counts.map((_, i) => sorted.filter(inBin(i)).length),
    what('The histogram'),
  );
}

function checkTexts(column: ColumnProfile, sorted: readonly string[]): void {
  const frequency = new Map<string, number>();
  for (const value of sorted) frequency.set(value, (frequency.get(value) ?? 0) + 1);
  const counts = [...frequency.values()].toSorted((a, b) => b - a);
  equal(
    column.topValues?.map(({ count }) => count),
    counts,
    `The top counts of ${column.name}`,
  );
  for (const { value, count } of column.topValues ?? []) equal(count, frequency.get(value), `The count of ${value}`);
}
