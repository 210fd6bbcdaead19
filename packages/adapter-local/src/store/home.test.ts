import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { MalachiteError } from '@malachite/core';
import { expect, test } from 'vitest';
import { crashingChild } from '../test-child.ts';
import { temporaryHome } from '../test-home.ts';
import { openHome } from './home.ts';
import { homeOwner } from './home-owner.ts';

test('One home is open once; closed, it can be opened again', () => {
  const folder = temporaryHome();
  const home = openHome(folder);
  expect(homeOwner(folder)?.pid).toBe(process.pid);
  expect(() => openHome(folder)).toThrow(MalachiteError);
  expect(() => openHome(folder)).toThrow(new RegExp(`open in process ${process.pid}.*malachite status`));
  home.close();
  expect(homeOwner(folder)).toBeUndefined();
  openHome(folder).close();
});

test('A home that another process has open is a Conflict naming its pid; killed, it gives the home free', async () => {
  const folder = temporaryHome();
  const child = crashingChild(
    `import { openHome } from './store/home.ts';
     openHome(${JSON.stringify(folder)});
     console.log('open');
     setInterval(() => {}, 1000);`,
  );
  await child.line('open');
  expect(() => openHome(folder)).toThrow(new RegExp(`process ${child.pid}`));
  expect(homeOwner(folder)?.pid).toBe(child.pid);
  await child.kill();
  expect(homeOwner(folder)).toBeUndefined();
  openHome(folder).close();
});

test('The owner file of a dead process, whose pid is somebody else by now, does not count', () => {
  const folder = temporaryHome();
  mkdirSync(`${folder}/run`, { recursive: true });
  writeFileSync(`${folder}/run/owner.json`, JSON.stringify({ pid: process.pid, start: 'another time', openedAt: '' }));
  expect(homeOwner(folder)).toBeUndefined();
  openHome(folder).close();
});

test('A home can be copied', () => {
  const folder = temporaryHome();
  openHome(folder).close();
  const copy = `${temporaryHome()}/copy`;
  cpSync(folder, copy, { recursive: true });
  const home = openHome(copy);
  expect(readFileSync(`${copy}/run/owner.json`, 'utf8')).toContain(String(process.pid));
  home.close();
});
