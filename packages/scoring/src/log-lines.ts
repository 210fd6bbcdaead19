/** Lines of a deployment's log in the inference server's own layout: `2022-12-24 07:37:53,779 I [32756] azmlinfsrv - text`. */
import type { RequestRow } from './http/request-log.ts';

/** @param time milliseconds since 1970, written in UTC */
export function logLine(time: number, level: 'I' | 'E', text: string): string {
  const stamp = new Date(time).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',');
  return `${stamp} ${level} [${process.pid}] malachite - ${text}`;
}

/** `POST /score 200 9.524ms 2 rows`, with the reason when it was refused. */
export function accessLine({ time, durationMs, method, path, status, rows, error }: RequestRow): string {
  const more = error === undefined ? `${rows} ${rows === 1 ? 'row' : 'rows'}` : error;
  return logLine(time + durationMs, status >= 500 ? 'E' : 'I', `${method} ${path} ${status} ${durationMs.toFixed(3)}ms ${more}`);
}
