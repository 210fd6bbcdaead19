/** Random tables for property tests: every kind of column, holes, infinities, unseen categories, odd names. Seeded. */
import type { Target, Task } from '../learners/learner.ts';
import { createRandom, type Random } from '../random.ts';
import { type Column, numericColumn, stringColumn, type Table } from '../table/table.ts';

export type RandomProblem = { readonly table: Table; readonly target: Target; readonly unseen: Table };

/**
 * A table to train on, a target that depends on it, and a table of the same columns to score: with values that training did
 * not have, more holes, infinities and unreadable dates.
 */
export function randomProblem(
  seed: number,
  task: Task,
  classes: readonly (string | number | boolean)[] = ['no', 'yes'],
  rowCount = 600,
): RandomProblem {
  const random = createRandom(seed);
  const signal = new Float64Array(rowCount);
  const table = { rowCount, columns: columnsOf(random, rowCount, false, signal) };
  const noisy = signal.map((value) => value + 0.3 * random.nextNormal());
  const unseen = { rowCount: 400, columns: columnsOf(random, 400, true, new Float64Array(400)) };
  if (task === 'regression') return { table, unseen, target: { task, y: noisy.map((value) => 1000 + 50 * value) } };
  const cuts = [...noisy].sort((a, b) => a - b);
  const y = Int32Array.from(noisy, (value) =>
    Math.min(classes.length - 1, Math.floor((classes.length * cuts.indexOf(value)) / rowCount)),
  );
  return { table, unseen, target: { task, classes, y } };
}

function columnsOf(random: Random, rows: number, later: boolean, signal: Float64Array): Column[] {
  const holes = later ? 0.2 : 0.1;
  const make = <Value>(value: (row: number) => Value, missing: number): (Value | null)[] =>
    Array.from({ length: rows }, (_, row) => (random.nextFloat() < missing ? null : value(row)));
  const effect = (strength: number, row: number): void => {
    signal[row] = (signal[row] as number) + strength;
  };

  const age = make((row) => {
    const value = 18 + random.nextInt(60);
    effect(value / 40, row);
    return value;
  }, 0);
  const rate = make((row) => {
    const value = random.nextNormal() * 3 + 0.1;
    effect(Math.abs(value) / 2, row);
    return later && random.nextFloat() < 0.05
      ? Number.POSITIVE_INFINITY
      : later && random.nextFloat() < 0.05
        ? Number.NEGATIVE_INFINITY
        : value;
  }, holes);
  const tiny = make(() => 1e-6 * random.nextNormal(), 0);
  const jobs = ['admin.', 'blue-collar', 'straße', 'Ω', 'retired', 'student', 'self employed', 'a,b'];
  const job = make((row) => {
    const index = random.nextInt(jobs.length);
    effect(index % 3, row);
    return later && random.nextFloat() < 0.1 ? `new ${index}` : (jobs[index] as string);
  }, holes);
  const contact = make((row) => {
    const phone = random.nextFloat() < 0.4;
    effect(phone ? 0.5 : 0, row);
    return phone ? 'telephone' : 'cellular';
  }, 0.05);
  const flag = make(() => (random.nextFloat() < 0.5 ? 'True' : 'False'), 0);
  const signup = make((row) => {
    const month = 1 + random.nextInt(12);
    effect(month / 6, row);
    if (later && random.nextFloat() < 0.05) return 'no date';
    const two = (value: number) => String(value).padStart(2, '0');
    return `${1960 + random.nextInt(90)}-${two(month)}-${two(1 + random.nextInt(28))} ${two(random.nextInt(24))}:${two(random.nextInt(60))}:${two(random.nextInt(60))}`;
  }, holes);
  const rating = make((row) => {
    const value = random.nextInt(5);
    effect(value / 5, row);
    return later && random.nextFloat() < 0.1 ? 17 : value;
  }, 0);
  const vocabulary = ['good', 'bad', 'straße', 'Late', 'late', 'delivery', 'naïve', '42nd', 'price', 'камера', 'a'];
  const comment = make((row) => {
    const words = Array.from({ length: 3 + random.nextInt(6) }, () => vocabulary[random.nextInt(vocabulary.length)] as string);
    if (words.includes('bad')) effect(2, row);
    if (words.includes('good')) effect(-2, row);
    return later && random.nextFloat() < 0.1 ? '?! -' : `${words.join(random.nextFloat() < 0.8 ? ' ' : ', ')} no${row}.`;
  }, holes);
  const zip = make((row) => {
    const index = random.nextInt(120);
    effect(index % 4, row);
    return `z${index}`;
  }, 0);
  return [
    numericColumn('age', age),
    numericColumn('emp.var.rate', rate),
    numericColumn('emp_var_rate', tiny),
    stringColumn('job', job),
    stringColumn('contact type', contact),
    stringColumn('flag', flag, 'boolean'),
    stringColumn('signup', signup, 'timestamp'),
    numericColumn('rating', rating),
    stringColumn('zip', zip),
    stringColumn('comment', comment),
  ];
}
