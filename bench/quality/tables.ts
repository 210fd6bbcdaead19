/** The tables of the quality benchmark as features: those of ../shared/data where they are, and scikit-learn's own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FeatureMatrix } from '../../packages/automl/src/featurization/features.ts';
import type { Target, Task } from '../../packages/automl/src/learners/learner.ts';
import { createRandom } from '../../packages/automl/src/random.ts';

export type QualityTable = { readonly name: string; readonly features: FeatureMatrix; readonly target: Target };

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

type Source = { readonly file?: string; readonly target: string; readonly task: Task };
const sources: Readonly<Record<string, Source>> = {
  bank: { file: 'bankmarketing_train.csv', target: 'y', task: 'classification' },
  heart: { file: 'heart_failure.csv', target: 'DEATH_EVENT', task: 'classification' },
  taxi: { file: 'taxi_fare.csv', target: 'fare_amount', task: 'regression' },
  machine: { file: 'machine_performance.csv', target: 'ERP', task: 'regression' },
  breast_cancer: { target: 'target', task: 'classification' },
  wine: { target: 'target', task: 'classification' },
  digits: { target: 'target', task: 'classification' },
  diabetes: { target: 'target', task: 'regression' },
};

export const tableNames = Object.keys(sources);

/**
 * One table; undefined when its file is not there.
 * @param python has scikit-learn, whose own tables it prints.
 * @param mostRows drawn at random with a fixed seed where there are more.
 */
export function readTable(name: string, python: string, mostRows: number): QualityTable | undefined {
  const source = sources[name];
  if (source === undefined) throw new Error(`No table "${name}". Tables: ${tableNames.join(', ')}.`);
  const text = source.file === undefined ? printed(python, name) : sharedFile(source.file);
  if (text === undefined) return undefined;
  const [header = '', ...all] = text.trim().split(/\r?\n/);
  const lines = createRandom(1).shuffle(all).slice(0, mostRows);
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));
  const texts = (column: string): string[] => cells.map((row) => row[names.indexOf(column)] ?? '');
  return {
    name,
    features: featuresOf(
      names.filter((column) => column !== source.target),
      texts,
    ),
    target: targetOf(texts(source.target), source.task),
  };
}

function sharedFile(file: string): string | undefined {
  const path = here(`../../../shared/data/${file}`);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function printed(python: string, name: string): string {
  const ran = spawnSync(python, [here('./peers.py'), 'table', name], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(ran.stderr.slice(-2000));
  return ran.stdout;
}

/** Columns of numbers, missing ones filled with the mean for learners that take none; the others are categories. */
function featuresOf(names: readonly string[], texts: (column: string) => string[]): FeatureMatrix {
  const columns = names.map((name) => ({ name, values: texts(name) }));
  const isNumber = (values: readonly string[]) => values.every((text) => text === '' || Number.isFinite(Number(text)));
  const numeric = columns
    .filter(({ values }) => isNumber(values))
    .map(({ name, values }) => {
      const present = values.filter((text) => text !== '').map(Number);
      const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
      return { name, raw: name, values: Float32Array.from(values, (text) => (text === '' ? mean : Number(text))) };
    });
  const categorical = columns
    .filter(({ values }) => !isNumber(values))
    .map(({ name, values }) => {
      const labels = [...new Set(values)].sort();
      return { name, raw: name, labels, codes: Int32Array.from(values, (text) => labels.indexOf(text) + 1) };
    });
  return { rowCount: columns[0]?.values.length ?? 0, numeric, categorical };
}

function targetOf(texts: readonly string[], task: Task): Target {
  if (task === 'regression') return { task, y: Float64Array.from(texts, Number) };
  const classes = [...new Set(texts)].sort();
  return { task, classes, y: Int32Array.from(texts, (label) => classes.indexOf(label)) };
}

/** Some rows of a table, one after the other. */
export function rowsOf({ name, features, target }: QualityTable, rows: Int32Array): QualityTable {
  const numeric = features.numeric.map((feature) => ({ ...feature, values: feature.values.filter(isIn(rows)) }));
  const categorical = features.categorical.map((feature) => ({ ...feature, codes: feature.codes.filter(isIn(rows)) }));
  const chosen = { rowCount: rows.length, numeric, categorical };
  if (target.task === 'regression') return { name, features: chosen, target: { ...target, y: target.y.filter(isIn(rows)) } };
  return { name, features: chosen, target: { ...target, y: target.y.filter(isIn(rows)) } };
}

/** @param rows ascending. */
function isIn(rows: Int32Array): (value: number, row: number) => boolean {
  const inside = new Set(rows);
  return (_, row) => inside.has(row);
}

/** Number features of both tables, shifted and divided by what the first one says: mean and deviation, or lowest and range, kept at 0 or more. */
export function scaledBy(kind: 'scaled' | 'unit', learned: FeatureMatrix, asked: FeatureMatrix): FeatureMatrix {
  const numeric = asked.numeric.map((feature, j) => {
    const known = learned.numeric[j]?.values ?? new Float32Array(1);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
    const lowest = known.reduce((least, value) => Math.min(least, value));
    const range = known.reduce((most, value) => Math.max(most, value)) - lowest;
    const of =
      kind === 'scaled'
        ? (value: number) => (value - mean) / (deviation || 1)
        : (value: number) => Math.max(0, (value - lowest) / (range || 1));
    return { ...feature, values: feature.values.map(of) };
  });
  return { ...asked, numeric };
}
