/** One AutoML run in the foreground, over a local file. */
import type { AutoMLEvent, AutoMLOutcome, Table } from '@malachite/automl';
import { type AutoMLLimits, type AutoMLSpec, automlTasks, MalachiteError, primaryMetrics } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import type { Flags } from '../cli/flags.ts';
import { guardrailLines } from '../console/guardrails.ts';
import { iterationHeader, iterationLine } from '../console/iteration-table.ts';
import { resultText } from '../console/leaderboard.ts';
import { didYouMean } from '../nearest.ts';
import { guessTask } from '../task.ts';
import { featurizationFlags, readFeaturizationFlags } from './featurization-flags.ts';

/** Seconds kept back for the files and the report: the time budget is of the whole process. */
const writingSeconds = 0.5;

type Ran = { readonly jobName: string; readonly outcome: AutoMLOutcome; readonly output: string | null };

export const automl: Command = {
  name: 'automl',
  describe: 'Train on a CSV, Parquet or JSON lines file: the best pipeline as ONNX, with leaderboard, explanation and report.',
  arguments: [['<file>', 'The rows to learn from.']],
  options: [
    { flags: '--target <column>', describe: 'What to predict.' },
    {
      flags: '--task <task>',
      describe: `${automlTasks.join(' or ')}. Default: regression for a column of more than 20 different numbers.`,
    },
    {
      flags: '--primary-metric <metric>',
      describe: `${primaryMetrics.join(', ')}. Default: AUC_weighted, or normalized_root_mean_squared_error.`,
    },
    {
      flags: '--timeout-minutes <minutes>',
      describe: 'A hard stop, counted from the start of the process. Default 1 when no other limit is given.',
    },
    { flags: '--max-trials <n>', describe: 'At most this many trials.' },
    { flags: '--work-units <n>', describe: 'A budget in work instead of time: the same leaderboard on any machine.' },
    { flags: '--seed <n>', describe: 'Default 0.' },
    ...featurizationFlags,
    { flags: '--output <folder>', describe: 'Where model.onnx, MLmodel, report.html and the JSON files go.' },
  ],
  outputFlag: 'format',
  example: 'malachite automl bank.csv --target y --timeout-minutes 0.5 --output result',
  handlesInterrupt: true,
  text: ({ outcome }: Ran) => resultText(outcome.result),
  data: ({ jobName, outcome: { result, best }, output }: Ran) => ({ jobName, ...result, metrics: best.trial.metrics, output }),
  async run({ flags, arguments: [file = ''], note, signal }): Promise<Ran> {
    const target = flags.required('target');
    const [{ automl: search }, { readTableFile }] = await Promise.all([
      import('@malachite/automl'),
      import('@malachite/adapter-local'),
    ]);
    const limits = limitsOf(flags);
    const table = await readTableFile(file, endOf(limits, signal));
    const spec = specification(flags, limits, table, target);
    const jobName = `automl_${Date.now().toString(36)}`;
    const elapsedSeconds = performance.now() / 1000 + writingSeconds;
    const outcome = await search({
      table,
      spec,
      jobName,
      elapsedSeconds,
      signal,
      onEvent: teller(note, flags.is('verbose')),
    });
    const output = flags.text('output') ?? null;
    if (output !== null) {
      const { writeOutcome } = await import('../report/write-outcome.ts');
      await writeOutcome(output, { outcome, spec, jobName, rows: table.rowCount, file });
    }
    return { jobName, outcome, output };
  },
};

function limitsOf(flags: Flags): AutoMLLimits {
  const limits = {
    timeoutMinutes: flags.number('timeout-minutes', { min: 0.01 }),
    maxTrials: flags.integer('max-trials', { min: 1 }),
    workUnits: flags.integer('work-units', { min: 1 }),
  };
  const isOpen = Object.values(limits).every((limit) => limit === undefined);
  return isOpen ? { timeoutMinutes: 1 } : limits;
}

/** Ends the reading when the user cancels or the whole time budget is used, with a sentence for each. */
function endOf({ timeoutMinutes }: AutoMLLimits, signal: AbortSignal): AbortSignal {
  const reading = new AbortController();
  const cancel = (): void => reading.abort(new MalachiteError('Canceled', 'The job was canceled.'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (timeoutMinutes === undefined) return reading.signal;
  const late = `Reading the file takes longer than the time budget of ${Math.round(60 * timeoutMinutes)} s. Give more time.`;
  const left = 60_000 * timeoutMinutes - performance.now() - 1000 * writingSeconds;
  setTimeout(() => reading.abort(new MalachiteError('Failed', late)), Math.max(0, left)).unref();
  return reading.signal;
}

function specification(flags: Flags, limits: AutoMLLimits, table: Table, target: string): AutoMLSpec {
  return {
    task: flags.word('task', automlTasks) ?? guessTask(describeTarget(table, target)),
    targetColumnName: target,
    primaryMetric: flags.word('primary-metric', primaryMetrics),
    limits,
    featurization: readFeaturizationFlags(flags),
    seed: flags.integer('seed', { min: 0 }),
  };
}

function describeTarget({ columns }: Table, target: string): { isNumeric: boolean; distinct: number } {
  const column = columns.find(({ name }) => name === target);
  if (column === undefined) {
    const names = columns.map(({ name }) => name);
    throw new MalachiteError(
      'InvalidInput',
      `There is no column "${target}".${didYouMean(target, names)} Columns: ${names.join(', ')}.`,
    );
  }
  if (column.kind === 'string') return { isNumeric: false, distinct: column.dictionary.length };
  return { isNumeric: true, distinct: new Set(column.values).size };
}

/** The live leaderboard, in Azure's layout. */
function teller(note: (line: string) => void, verbose: boolean): (event: AutoMLEvent) => void {
  let headed = false;
  return (event) => {
    if (event.type === 'phase') note(`Current status: ${event.phase}. ${event.description}`);
    if (event.type === 'guardrails') for (const line of guardrailLines(event.guardrails)) note(line);
    if (event.type === 'log' && (verbose || event.level !== 'debug')) note(event.message);
    if (event.type === 'trial') {
      if (!headed) for (const line of iterationHeader) note(line);
      headed = true;
      note(iterationLine(event.record.trial, event.bestScore));
    }
  };
}
