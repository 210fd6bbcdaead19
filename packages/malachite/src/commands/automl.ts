/** One AutoML run in the foreground, over a local file. */
import type { AutoMLEvent, AutoMLOutcome, Table } from '@malachite/automl';
import { type AutoMLSpec, automlTasks, MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { guardrailLines } from '../console/guardrails.ts';
import { iterationHeader, iterationLine } from '../console/iteration-table.ts';
import { resultText } from '../console/leaderboard.ts';
import { didYouMean } from '../nearest.ts';
import { guessTask } from '../task.ts';
import { automlFlags, limitFlags, readLimits, readSettings, trainingFlags, validationFlags } from './automl-flags.ts';
import { featurizationFlags, readFeaturizationFlags } from './featurization-flags.ts';

type Ran = { readonly jobName: string; readonly outcome: AutoMLOutcome; readonly output: string | null };

export const automl: Command = {
  name: 'automl',
  describe: 'Train on a CSV, Parquet or JSON lines file: the best pipeline as ONNX, with leaderboard, explanation and report.',
  arguments: [['<file>', 'The rows to learn from.']],
  options: [
    ...automlFlags,
    ...limitFlags,
    ...validationFlags,
    ...trainingFlags,
    ...featurizationFlags,
    { flags: '--output <folder>', describe: 'Where model.onnx, MLmodel, report.html and the JSON files go.' },
  ],
  outputFlag: 'format',
  example: 'malachite automl bank.csv --target y --timeout-minutes 0.5 --output result',
  handlesInterrupt: true,
  text: ({ outcome }: Ran) => resultText(outcome.result),
  data: ({ jobName, outcome: { result, best }, output }: Ran) => ({ jobName, ...result, metrics: best.trial.metrics, output }),
  async run({ flags, arguments: [file = ''], note, signal }): Promise<Ran> {
    const limits = readLimits(flags);
    const settings = { ...readSettings(flags), limits, featurization: readFeaturizationFlags(flags) };
    const output = flags.text('output') ?? null;
    const { prepareFolder, writeOutcome } = await import('../report/write-outcome.ts');
    if (output !== null) await prepareFolder(output);
    const wantedTask = flags.word('task', automlTasks);
    const [{ automl: search }, { endOfReading, readTableFile, writingSeconds }] = await Promise.all([
      import('@malachite/automl'),
      import('@malachite/adapter-local'),
    ]);
    // The time budget is of the whole process, whose clock began when it was started.
    const reading = endOfReading(limits, performance.now() / 1000, signal);
    const read = async (name: string) => {
      const path = flags.text(name);
      return path === undefined ? undefined : readTableFile(path, reading);
    };
    const table = await readTableFile(file, reading);
    const target = describeTarget(table, settings.targetColumnName);
    const spec: AutoMLSpec = { ...settings, task: wantedTask ?? guessTask(target) };
    if (wantedTask === undefined)
      note(`Task: ${spec.task} ("${spec.targetColumnName}" has ${target.distinct} different values; --task chooses).`);
    const [validation, test] = [await read('validation-data'), await read('test-data')];
    const jobName = `automl_${Date.now().toString(36)}`;
    const outcome = await search({
      table,
      validation,
      test,
      spec,
      jobName,
      elapsedSeconds: performance.now() / 1000,
      keptSeconds: writingSeconds,
      signal,
      onEvent: teller(note, flags.is('verbose')),
    });
    if (output !== null) await writeOutcome(output, { outcome, spec, jobName, rows: table.rowCount, file });
    return { jobName, outcome, output };
  },
};

/** Columns that a sentence names. */
const mostNames = 30;

function describeTarget({ columns }: Table, target: string): { isNumeric: boolean; distinct: number } {
  const column = columns.find(({ name }) => name === target);
  if (column === undefined) {
    const names = columns.map(({ name }) => name);
    const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : '';
    throw new MalachiteError(
      'InvalidInput',
      `There is no column "${target}".${didYouMean(target, names)} Columns: ${names.slice(0, mostNames).join(', ')}${more}.`,
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
