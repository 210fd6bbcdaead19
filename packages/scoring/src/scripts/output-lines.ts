/** Turns what a script prints into log lines, and bounds how much of it: a script may print megabytes, the log and the memory may not. */
import type { Readable } from 'node:stream';

/** Characters of a line; the rest of it is dropped. */
const LONGEST_LINE = 8 * 1024;
/** Characters in a second; beyond them lines are counted, not kept. */
const PER_SECOND = 256 * 1024;

/**
 * @param onLine receives each line, and once a second how many were left out
 * @returns a function that waits for nothing and hands on what is left
 */
export function outputLines(stream: Readable, onLine: (line: string) => void): () => void {
  let rest = '';
  let isCut = false;
  let kept = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;

  const secondOver = (): void => {
    timer = undefined;
    if (dropped > 0) onLine(`… ${dropped} more lines in this second are left out of the log.`);
    kept = 0;
    dropped = 0;
  };
  const line = (text: string): void => {
    timer ??= setTimeout(secondOver, 1_000).unref();
    if (kept > PER_SECOND) {
      dropped++;
      return;
    }
    kept += text.length + 1;
    onLine(text);
  };
  const take = (chunk: string): void => {
    const parts = chunk.split('\n');
    for (const [index, part] of parts.entries()) {
      if (!isCut) rest += part;
      if (rest.length > LONGEST_LINE) {
        rest = `${rest.slice(0, LONGEST_LINE)}…`;
        isCut = true;
      }
      if (index === parts.length - 1) break;
      line(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
      rest = '';
      isCut = false;
    }
  };
  stream.setEncoding('utf8');
  stream.on('data', take);
  // A pipe may break with the process.
  stream.on('error', () => {});
  return () => {
    if (rest !== '') line(rest);
    rest = '';
    clearTimeout(timer);
    secondOver();
  };
}
