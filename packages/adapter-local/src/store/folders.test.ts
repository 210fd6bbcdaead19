import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { makeFolder } from './folders.ts';

test('A folder is made with those above it, and made again it stays as it is', () => {
  const folder = join(temporaryHome(), 'a', 'b', 'c');
  makeFolder(folder);
  writeFileSync(join(folder, 'kept'), '');
  makeFolder(folder);
  expect(existsSync(join(folder, 'kept'))).toBe(true);
});

test.skipIf(process.platform === 'win32')('Nobody else looks into a folder that was made (Windows has no such bits)', () => {
  const folder = join(temporaryHome(), 'home');
  makeFolder(join(folder, 'logs'));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('A file in the way, at the folder or above it, is named with the reason', () => {
  const file = join(temporaryHome(), 'file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'a', 'b')]) {
    expect(() => makeFolder(folder)).toThrow(`The folder "${folder}" cannot be made: a file is in the way (ENOTDIR).`);
  }
  expect(statSync(file).isFile()).toBe(true);
});

test.skipIf(!existsSync('/proc/self'))(
  'Where the system lets nothing be made, it says so instead of trying for ever (needs /proc)',
  () => {
    expect(() => makeFolder('/proc/nope/home')).toThrow(/^The folder "\/proc\/nope\/home" cannot be made: .*\(ENOENT\)\.$/);
  },
);

test.skipIf(process.getuid?.() === 0)('A folder that may not be written to is named (root may write everywhere)', () => {
  const closed = join(temporaryHome(), 'closed');
  mkdirSync(closed, { mode: 0o500 });
  expect(() => makeFolder(join(closed, 'home'))).toThrow(/no permission to write there \(EACCES\)/);
});
