/** Processes for tests to kill in the middle of their work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface CrashingChild {
  readonly pid: number;
  /** Every line it has printed so far. */
  readonly lines: readonly string[];
  /** Waits for a line; fails when the process ends first. */
  line(text: string): Promise<void>;
  /** Waits until it has printed so many lines. */
  lineCount(count: number): Promise<void>;
  /** kill -9, and waits for its end and its last output. */
  kill(): Promise<void>;
}

/** Runs a module's text with this folder as its own, so that it imports as the files here do. */
export function crashingChild(source: string): CrashingChild {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const wakes = new Set<() => void>();
  let ended = false;
  let errors = '';
  const wake = () => {
    for (const each of [...wakes]) each();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const closed = once(child, 'close').then(() => {
    ended = true;
    wake();
  });
  onTestFinished(() => void child.kill('SIGKILL'));

  const until = (isDone: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!isDone() && !ended) return;
        wakes.delete(look);
        if (isDone()) resolve();
        else reject(new Error(`The process ended after ${lines.length} lines: ${errors}`));
      };
      wakes.add(look);
      look();
    });

  return {
    pid: child.pid as number,
    lines,
    line: (text) => until(() => lines.includes(text)),
    lineCount: (count) => until(() => lines.length >= count),
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
