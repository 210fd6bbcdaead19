/**
 * Whether a budget of work gives the same answer whatever runs side by side: whole runs of the command with one worker and with more,
 * their leaderboards (times left out), models, explanations and guardrails compared byte for byte.
 *
 *     npm run bench repeat [-- --work-units 400 --seed 1 --workers 1,2 --tables bank,taxi,heart,machine]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Trial } from '../packages/core/src/index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    'work-units': { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1,2' },
    tables: { type: 'string', default: 'bank,taxi,heart,machine' },
  },
});

/** Files of `../shared/data`, each with its target; without them the one that comes with the program. */
const tables: Readonly<Record<string, readonly [file: string, target: string]>> = {
  bank: ['../../shared/data/bankmarketing_train.csv', 'y'],
  taxi: ['../../shared/data/taxi_fare.csv', 'fare_amount'],
  heart: ['../../shared/data/heart_failure.csv', 'DEATH_EVENT'],
  machine: ['../../shared/data/machine_performance.csv', 'ERP'],
  synthetic: ['../fixtures/bank-marketing/bank-marketing-synthetic.csv', 'y'],
};

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** A leaderboard without what a clock says, and without the job's name in front of the trials'. */
function timeless(trials: readonly Trial[]): unknown[] {
  return trials.map(
    ({
      name,
      fitSeconds: _,
      finishedAtSeconds: __,
      predictMicrosecondsPerRow: ___,
      predictMicrosecondsSingleRow: ____,
      ...rest
    }) => ({
      ...rest,
      name: name.replace(/^.*_/, ''),
    }),
  );
}

type Answer = {
  readonly trials: number;
  readonly work: number;
  readonly seconds: number;
  readonly parts: Record<string, string>;
};

function run(file: string, target: string, workers: string): Answer {
  const output = mkdtempSync(join(tmpdir(), 'malachite-repeat-'));
  try {
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        here('../packages/malachite/bin/malachite.js'),
        ...['automl', here(file), '--target', target, '--output', output],
        ...['--work-units', values['work-units'], '--seed', values.seed, '--max-concurrent-trials', workers],
      ],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    if (status !== 0) throw new Error(stderr.slice(-2000));
    const seconds = (performance.now() - started) / 1000;
    const read = (name: string): Buffer => readFileSync(join(output, name));
    const trials: Trial[] = JSON.parse(read('leaderboard.json').toString());
    const parts = {
      leaderboard: sha256(JSON.stringify(timeless(trials))),
      model: sha256(read('model.onnx')),
      explanation: sha256(read('explanation.json')),
      guardrails: sha256(read('guardrails.json')),
    };
    return { trials: trials.length, work: trials.reduce((sum, trial) => sum + trial.work, 0), seconds, parts };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

let isSame = true;
for (const name of values.tables.split(',')) {
  const [file, target] = tables[name] ?? [];
  if (file === undefined || target === undefined)
    throw new Error(`There is no table "${name}": ${Object.keys(tables).join(', ')}.`);
  if (!existsSync(here(file))) {
    process.stdout.write(`${name}: skipped, ${file} is not there\n`);
    continue;
  }
  let first: Answer | undefined;
  for (const workers of values.workers.split(',')) {
    const answer = run(file, target, workers);
    first ??= answer;
    const others = Object.entries(answer.parts).filter(([part, hash]) => first?.parts[part] !== hash);
    isSame &&= others.length === 0;
    const verdict = others.length === 0 ? 'the same' : `OTHER ${others.map(([part]) => part).join(', ')}`;
    const hashes = Object.entries(answer.parts).map(([part, hash]) => `${part} ${hash}`);
    process.stdout.write(
      `${name}, ${workers} worker(s): ${answer === first ? 'first' : verdict}; ${answer.trials} trials, ${answer.work.toFixed(0)} units, ${answer.seconds.toFixed(0)} s; ${hashes.join(', ')}\n`,
    );
  }
}
process.exitCode = isSame ? 0 : 1;
