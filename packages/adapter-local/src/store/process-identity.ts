/** Which process a pid stands for: pids are given again, so a start time goes with each. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A word that names when the process started (clock ticks since boot on Linux, seconds elsewhere), or undefined when no
 * such process runs. Two processes never share both pid and this word within one boot.
 */
export function processStart(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return 'running';
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return text.replace(/\W/g, '') || undefined;
  } catch {
    return undefined;
  }
}

/** True while the very process that was recorded runs. */
export function isSameProcess(pid: number, start: string): boolean {
  return processStart(pid) === start;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat; the second field, the command in parentheses, may itself hold spaces. A zombie is gone. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
