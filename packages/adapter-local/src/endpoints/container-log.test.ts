import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../test-home.ts';
import { containerLog } from './container-log.ts';

test('the last lines are told, across the turn of the file, and the file does not grow without end', () => {
  const file = join(temporaryHome(), 'logs', 'endpoint', 'blue.log');
  const log = containerLog(file, 100);
  expect(log.tail(5)).toEqual([]);
  for (let line = 1; line <= 50; line++) log.append([`line ${line}`]);
  expect(log.tail(3)).toEqual(['line 48', 'line 49', 'line 50']);
  expect(log.tail(15)).toEqual(Array.from({ length: 15 }, (_, i) => `line ${36 + i}`));
  expect(statSync(file).size).toBeLessThan(120);
});
