/** What a loaded table must tell: numbers that lost digits. */
import type { Column } from '@malachite/automl';

/** Names that a sentence shows. */
const mostNames = 5;

/** A sentence about whole numbers that float64 does not tell apart, if there are any. */
export function readingNotes(columns: readonly Column[]): string[] {
  const coarse = columns.filter((column) => column.kind === 'numeric' && column.values.some(isBeyondExact));
  if (coarse.length === 0) return [];
  const shown = coarse.slice(0, mostNames).map(({ name }) => `"${name}"`);
  const more = coarse.length - shown.length;
  const names = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    `Whole numbers beyond 2^53 in ${names} are rounded to 53 bits: those that differ in their last digits only are the same. Identifiers are better written as text, with a letter before the digits.`,
  ];
}

/** Of 64-bit integers only: beyond them nobody expects every digit. */
function isBeyondExact(value: number): boolean {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) <= 2 ** 64;
}
