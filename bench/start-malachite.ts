/**
 * How long a test waits for its Malachite: `node bench/start-malachite.ts [PROCESSES]`.
 *
 * Each of several fresh processes starts one, resets it and starts a second; from the TypeScript of the repository, which is slower
 * to load than what is published. Prints medians and ends with 1 when the first takes a second or more. On a busy machine the
 * processor time says more than the clock.
 */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { type Bar, barLines } from './scoring-bars.ts';

const processes = Number(process.argv[2] ?? 7);
const door = new URL('../packages/malachite/src/index.ts', import.meta.url).href;
const program = `
  import { startMalachite } from ${JSON.stringify(door)};
  const marks = [performance.now()];
  const before = process.cpuUsage();
  const first = await startMalachite();
  const { user, system } = process.cpuUsage(before);
  marks.push(performance.now());
  await first.reset();
  marks.push(performance.now());
  const second = await startMalachite();
  marks.push(performance.now());
  await first.close();
  await second.close();
  console.log(JSON.stringify([...marks.slice(1).map((mark, i) => mark - marks[i]), (user + system) / 1000]));
`;

const taken = Array.from({ length: processes }, () =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })),
) as number[][];
const median = (of: number): number =>
  taken.map((each) => each[of] as number).toSorted((a, b) => a - b)[processes >> 1] as number;

const bars: Bar[] = [
  { name: 'the first of a process is ready, ms', found: median(0), atMost: 1000 },
  { name: 'a reset, ms', found: median(1), atMost: 500 },
  { name: 'the second of a process is ready, ms', found: median(2), atMost: 500 },
];
const { lines, missed } = barLines(bars);
console.log(lines.join('\n'));
console.log(
  `Processor time of the first: ${median(3).toFixed(0)} ms; load of the machine ${(loadavg()[0] as number).toFixed(1)}.`,
);
process.exitCode = missed === 0 ? 0 : 1;
