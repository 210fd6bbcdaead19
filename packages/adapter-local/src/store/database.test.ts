import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrations.ts';

function withTable(): Database {
  const db = openDatabase(`${temporaryHome()}/test.db`);
  db.exec('CREATE TABLE people (name TEXT PRIMARY KEY, adult INTEGER, town TEXT) STRICT');
  return db;
}

const names = (db: Database) => db.all<{ name: string }>('SELECT name FROM people ORDER BY name').map((row) => row.name);

test('Values go in by place or by name; booleans are 0 and 1, undefined is NULL', () => {
  const db = withTable();
  db.run('INSERT INTO people VALUES (?, ?, ?)', ['ann', true, undefined]);
  db.run('INSERT INTO people VALUES (:name, :adult, :town)', { name: 'bob', adult: false, town: 'Rome' });
  expect(db.all('SELECT * FROM people ORDER BY name')).toMatchObject([
    { name: 'ann', adult: 1, town: null },
    { name: 'bob', adult: 0, town: 'Rome' },
  ]);
  expect(db.get('SELECT * FROM people WHERE name = ?', ['eve'])).toBeUndefined();
});

test.skipIf(process.platform === 'win32')(
  'Nobody but its owner reads the database and its journal (Windows has no such bits)',
  () => {
    const file = `${temporaryHome()}/test.db`;
    openDatabase(file).exec('CREATE TABLE keys (value TEXT) STRICT');
    expect([file, `${file}-wal`].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o600]);
  },
);

test('A transaction that throws leaves nothing; one inside another can fail alone', () => {
  const db = withTable();
  const fail = (): never => {
    throw new Error('no');
  };
  const insert = (name: string) => db.run('INSERT INTO people (name) VALUES (?)', [name]);
  expect(() => db.transaction(() => [insert('ann'), fail()])).toThrow('no');
  expect(names(db)).toEqual([]);
  db.transaction(() => {
    insert('bob');
    expect(() => db.transaction(() => [insert('eve'), fail()])).toThrow('no');
    insert('cid');
  });
  expect(names(db)).toEqual(['bob', 'cid']);
});

test('Writes are durable at commit: WAL with a full sync', () => {
  const db = withTable();
  expect(db.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
  expect(db.get('PRAGMA synchronous')).toMatchObject({ synchronous: 2 });
  expect(db.get('PRAGMA foreign_keys')).toMatchObject({ foreign_keys: 1 });
});

test('Migrations run once each, and a failing one leaves the database at the step before all of them', () => {
  const db = openDatabase(':memory:');
  const first = 'CREATE TABLE a (x) STRICT';
  expect(() => migrate(db, [`CREATE TABLE a (x INTEGER) STRICT`, 'CREATE NONSENSE'])).toThrow();
  expect(db.all("SELECT name FROM sqlite_schema WHERE name = 'a'")).toEqual([]);
  expect(() => migrate(db, [first])).toThrow('datatype');
  migrate(db, ['CREATE TABLE a (x INTEGER) STRICT']);
  migrate(db, ['CREATE TABLE a (x INTEGER) STRICT', 'CREATE TABLE b (x INTEGER) STRICT']);
  expect(db.get('PRAGMA user_version')).toMatchObject({ user_version: 2 });
});

test('A database from a newer Malachite is refused with a sentence', () => {
  const db = openDatabase(':memory:');
  db.exec('PRAGMA user_version = 99');
  expect(() => migrate(db)).toThrow(/newer Malachite.*step 99/);
});
