/** The container log of a deployment: a text file that grows to a size, then begins anew beside its predecessor. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log takes at most twice this much. */
const maxBytes = 5 * 1024 * 1024;

export type ContainerLog = {
  append(lines: readonly string[]): void;
  /** The last lines, oldest first. */
  tail(lines: number): string[];
};

export function containerLog(file: string, limit: number = maxBytes): ContainerLog {
  const previous = `${file}.1`;
  const read = (path: string): string[] => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []);
  return {
    append(lines) {
      if (lines.length === 0) return;
      mkdirSync(dirname(file), { recursive: true });
      if (existsSync(file) && statSync(file).size >= limit) renameSync(file, previous);
      appendFileSync(file, lines.map((line) => `${line}\n`).join(''));
    },
    tail(lines) {
      const current = read(file);
      return (current.length < lines ? [...read(previous), ...current] : current).slice(-lines);
    },
  };
}
