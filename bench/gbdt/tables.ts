/** The tables of `bench/gbdt.ts`, written column by column as float32 for both sides to read. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../packages/automl/src/random.ts';

/** Columns of float32; categories are codes from 1. The target comes last. */
export type Table = {
  readonly name: string;
  readonly task: 'classification' | 'regression';
  readonly columns: readonly Float32Array[];
  /** How many of the columns, from the first, are numbers. */
  readonly numeric: number;
};

/** 28 normal floats, a target of interactions and noise. */
export function syntheticTable(rowCount: number): Table {
  const random = createRandom(1);
  const columns = Array.from({ length: 28 }, () => Float32Array.from({ length: rowCount }, () => random.nextNormal()));
  const x = (j: number, row: number) => columns[j]?.[row] as number;
  const y = Float32Array.from({ length: rowCount }, (_, i) =>
    x(0, i) * x(1, i) + x(2, i) + Math.sin(3 * x(3, i)) + random.nextNormal() > 0 ? 1 : 0,
  );
  return { name: `${rowCount} x 28 floats`, task: 'classification', columns: [...columns, y], numeric: 28 };
}

/** A CSV without quotes; text columns become categories. Undefined when the file is not there. */
export function csvTable(file: string, target: string, task: Table['task']): Table | undefined {
  const path = join(import.meta.dirname, '../../../shared/data', file);
  if (!existsSync(path)) return undefined;
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));
  const texts = (name: string) => cells.map((row) => row[names.indexOf(name)] ?? '');
  const isNumber = (column: readonly string[]) => column.every((text) => text === '' || Number.isFinite(Number(text)));
  const features = names.filter((name) => name !== target).map(texts);
  const numbers = features
    .filter(isNumber)
    .map((column) => Float32Array.from(column, (text) => (text === '' ? Number.NaN : Number(text))));
  const codes = features.filter((column) => !isNumber(column)).map((column) => codesOf(column, 1));
  const y = isNumber(texts(target)) ? Float32Array.from(texts(target), Number) : codesOf(texts(target), 0);
  return { name: file, task, columns: [...numbers, ...codes, y], numeric: numbers.length };
}

function codesOf(column: readonly string[], first: number): Float32Array {
  const labels = [...new Set(column)].sort();
  return Float32Array.from(column, (text) => first + labels.indexOf(text));
}

/** Every `n`-th row is held out; writes `train.bin` and `test.bin`. */
export function writeTable({ columns }: Table, n: number, folder: string): void {
  const write = (name: string, keep: (row: number) => boolean) => {
    const parts = columns.map((column) => column.filter((_, row) => keep(row)));
    writeFileSync(join(folder, name), Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
  };
  write('train.bin', (row) => row % n !== 0);
  write('test.bin', (row) => row % n === 0);
}
