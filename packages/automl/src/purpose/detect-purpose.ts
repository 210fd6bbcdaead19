/** What a column is for, by Azure AutoML's measured rules, with the reason in words. */

import type { DateOrder } from '../featurization/dates.ts';
import type { Purpose } from '../featurization/plan.ts';
import type { Column, StringColumn } from '../table/table.ts';
import { type ColumnFacts, columnFacts, meanOverRows } from './column-facts.ts';
import { dateFormatOf } from './date-format.ts';

export type DetectedPurpose = ColumnFacts & {
  readonly name: string;
  readonly purpose: Purpose;
  /** For people: the rule that decided, with the numbers it looked at. */
  readonly reason: string;
  /** How the column writes dates, in `strftime` words; for DateTime. */
  readonly dateFormat?: string;
  readonly order?: DateOrder;
};

/** Fewer distinct values than this, and than a twentieth of the rows, make a category. */
const categoryLimit = 200;
const categoryShare = 0.05;
/** Whole numbers with more distinct values than this are numbers, however often each occurs. */
const integerCategoryLimit = 50;
/** From this many distinct values on, text is not hashed. */
const hashLimit = 10_000;

/** The purpose of one column. Dropped by featurization are Hashes, Ignore and AllNan. */
export function detectPurpose(column: Column): DetectedPurpose {
  const { texts, ...facts } = columnFacts(column);
  const { rows, distinct } = facts;
  const decided = (purpose: Purpose, reason: string): DetectedPurpose => ({ name: column.name, purpose, reason, ...facts });

  if (distinct === 0) return decided('AllNan', `None of ${count(rows)} rows has a value.`);
  if (distinct === 1) return decided('Ignore', 'Every value is the same.');
  const limit = Math.min(categoryLimit, categoryShare * rows);
  const few = `${count(distinct)} distinct values in ${count(rows)} rows`;
  if (column.kind === 'numeric') {
    if (!column.integer) return decided('Numeric', `Numbers that are not all whole, or that have holes: ${few}.`);
    if (distinct >= limit) return decided('Numeric', `Whole numbers: ${few} are too many for categories.`);
    if (distinct > integerCategoryLimit)
      return decided('Numeric', `Whole numbers: ${few}, more than the ${integerCategoryLimit} that make categories.`);
    return decided('Categorical', `Whole numbers: only ${few}.`);
  }
  const date = dateFormatOf(texts ?? []);
  if (date !== undefined) {
    const { format: dateFormat, order } = date;
    return { ...decided('DateTime', `Every value is a date written ${dateFormat}: ${few}.`), dateFormat, order };
  }
  if (column.source === 'boolean') return decided('Categorical', `True or false: ${few}.`);
  if (distinct < limit) return decided('Categorical', `Text: only ${few}.`);
  return textPurpose(column, facts, decided);
}

/** A count as people read it: 32,950. */
const count = (value: number): string => value.toLocaleString('en-US');

function textPurpose(
  column: StringColumn,
  { rows, distinct }: ColumnFacts,
  decided: (purpose: Purpose, reason: string) => DetectedPurpose,
): DetectedPurpose {
  const share = distinct / rows;
  const percent = `${count(distinct)} distinct values in ${count(rows)} rows (${Math.round(100 * share)} %)`;
  const spaces = meanOverRows(column, (text) => text.split(' ').length - 1);
  const prose = spaces > 1 || meanOverRows(column, (text) => (unspacedScript.test(text) ? 1 : 0)) > 0.5;
  if (share > 0.85 && prose) return decided('Text', `Free text: ${percent}, with several words each.`);
  if (share < 0.7 && distinct < hashLimit) return decided('CategoricalHash', `Text of values that repeat: ${percent}.`);
  if (spaces > 1) return decided('Text', `Free text: ${percent}, with several words each.`);
  if (share > 0.9) return decided('Hashes', `${percent}: an identifier, which says nothing about other rows.`);
  return decided('Ignore', `${percent}: too many to be categories, too short to be text.`);
}

/** Scripts that write words without spaces between them. */
const unspacedScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
