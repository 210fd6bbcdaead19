import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { endOrphan, startChild } from './child-process.ts';
import { processStart } from './store/process-identity.ts';
import { temporaryHome } from './test-home.ts';

/** A program of one line, as a file. */
function program(home: string, source: string): URL {
  const file = join(home, 'program.mjs');
  writeFileSync(file, source);
  return pathToFileURL(file);
}

test('everything that a process told before it ended is heard before its end, and what it printed is kept', async () => {
  const home = temporaryHome();
  const outputFile = join(home, 'logs', 'out.log');
  const entry = program(
    home,
    `console.log('printed'); for (let i = 0; i < 1000; i++) process.send(i); process.send('last', () => process.exit(3));`,
  );
  const heard: unknown[] = [];
  const child = startChild(entry, { outputFile }, (message) => heard.push(message));
  expect(await child.ended).toBe('ended with exit code 3');
  expect(heard.length).toBe(1001);
  expect(heard.at(-1)).toBe('last');
  expect(readFileSync(outputFile, 'utf8')).toBe('printed\n');
  child.send('nobody hears this');
});

test('an orphan is ended only when it is the very process that was recorded', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? -1;
  const exited = once(child, 'exit');
  endOrphan(`${pid} 1`);
  endOrphan(null);
  // It goes on answering: that it is still listed would not say that no signal is on its way.
  child.stdin.write('alive');
  const answered = once(child.stdout, 'data').then(([chunk]) => String(chunk));
  expect(await Promise.race([answered, exited])).toBe('alive');
  endOrphan(`${pid} ${processStart(pid)}`);
  expect((await exited)[1]).toBe('SIGKILL');
});
