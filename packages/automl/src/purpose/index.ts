export type { ColumnFacts } from './column-facts.ts';
export { type DateFormat, dateFormatOf } from './date-format.ts';
export { type DetectedPurpose, detectPurpose } from './detect-purpose.ts';
export { duplicateColumns } from './duplicate-columns.ts';
