/** How much memory processes hold, and may hold. */
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';

/** Resident bytes of a process; undefined where the system does not say: anywhere but on Linux. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Half of what this process may use, shared by so many. */
export function fairMemory(processes: number): number {
  const allowed = process.constrainedMemory();
  return Math.min(totalmem(), allowed > 0 ? allowed : Number.POSITIVE_INFINITY) / 2 / processes;
}
