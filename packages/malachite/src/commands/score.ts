/** Batch scoring of a local file. */
import type { Column } from '@malachite/automl';
import { MalachiteError, type Rows } from '@malachite/core';
import type { Prediction } from '@malachite/scoring';
import type { Command } from '../cli/command.ts';
import { readModelFile } from '../model-file/read-model-file.ts';

export const score: Command = {
  name: 'score',
  describe: 'Score a CSV, Parquet or JSON lines file; CSV on stdout, a line a row in the order of the file.',
  arguments: [
    ['<model>', 'An ONNX file, or an MLflow model folder with the onnx flavour.'],
    ['<file>', 'The rows; columns that the model does not take are passed over.'],
  ],
  options: [{ flags: '--method <method>', describe: 'predict (default), or predict_proba: a column a class.' }],
  example: 'malachite score best_model.onnx new-customers.csv --method predict_proba > scored.csv',
  async run({ flags, arguments: [modelPath = '', file = ''], write }) {
    const method = flags.word('method', ['predict', 'predict_proba']) ?? 'predict';
    const bytes = await readModelFile(modelPath);
    const [{ loadModel, scoreColumns }, { readTableFile }] = await Promise.all([
      import('@malachite/scoring'),
      import('@malachite/adapter-local'),
    ]);
    const model = await loadModel(bytes);
    const table = await readTableFile(file);
    const columns = new Map(table.columns.map((column) => [column.name, columnValues(column)]));
    const prediction = await scoreColumns(model, columns);
    await model.close();
    const classes = model.signature.classes ?? [];
    const scored = method === 'predict' ? labels(prediction) : probabilities(prediction, classes.map(String));
    if (flags.text('output') !== undefined) return scored;
    await writeCsv(scored, write);
  },
};

/** A column as the model takes it: null where a value is missing. */
function columnValues(column: Column): ArrayLike<unknown> {
  if (column.kind === 'string') return Array.from(column.codes, (code) => (code < 0 ? null : column.dictionary[code]));
  return column.values.some(Number.isNaN)
    ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
    : column.values;
}

function labels({ labels, values }: Prediction): Rows {
  const answers = labels ? [...labels] : Array.from(values ?? []);
  const type = typeof answers[0] === 'number' ? 'number' : typeof answers[0] === 'boolean' ? 'boolean' : 'string';
  return { columns: [{ name: 'prediction', type }], rows: answers.map((answer) => [answer]) };
}

function probabilities({ probabilities, rows }: Prediction, classes: readonly string[]): Rows {
  if (probabilities === undefined)
    throw new MalachiteError('InvalidInput', 'This model answers no probabilities; leave --method out.');
  const { data, classes: count } = probabilities;
  return {
    columns: Array.from({ length: count }, (_, k) => ({ name: classes[k] ?? String(k), type: 'number' as const })),
    rows: Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * count, (row + 1) * count))),
  };
}

const linesPerWrite = 10_000;

async function writeCsv({ columns, rows }: Rows, write: (text: string) => Promise<void>): Promise<void> {
  await write(`${columns.map(({ name }) => csvCell(name)).join(',')}\n`);
  for (let from = 0; from < rows.length; from += linesPerWrite) {
    await write(
      rows
        .slice(from, from + linesPerWrite)
        .map((row) => `${row.map(csvCell).join(',')}\n`)
        .join(''),
    );
  }
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
