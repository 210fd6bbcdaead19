/** What a loaded table must tell: numbers that lost digits, and texts that were meant as numbers. */
import type { Column } from '@malachite/automl';
import { missingMarkers } from './reading.ts';

/** Names that a sentence shows. */
const mostNames = 5;

/** Different texts of a column that are looked at. */
const textsOfGlance = 1000;

/** A sentence about whole numbers that float64 does not tell apart, and one about texts that look like numbers as people write them. */
export function readingNotes(columns: readonly Column[]): string[] {
  const coarse = columns.filter((column) => column.kind === 'numeric' && column.values.some(isBeyondExact));
  const written = columns.filter((column) => column.kind === 'string' && areWrittenNumbers(column.dictionary));
  const namesOf = (some: readonly Column[]) => listed(some.map(({ name }) => name));
  return [
    ...(coarse.length === 0
      ? []
      : [
          `Whole numbers beyond 2^53 in ${namesOf(coarse)} are rounded to 53 bits: those that differ in their last digits only are the same. Identifiers are better written as text, with a letter before the digits.`,
        ]),
    ...(written.length === 0
      ? []
      : [
          `The texts in ${namesOf(written)} look like numbers with separators of thousands, decimal commas, percent or currency signs, and are read as texts. Write plain numbers, such as 1234.5, to have them learned from as numbers.`,
        ]),
  ];
}

/** Only of 64-bit integers: beyond 2^64 and with a fraction nobody expects every digit. */
function isBeyondExact(value: number): boolean {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) <= 2 ** 64;
}

const withThousands = /^[-+(]?[$€£¥]?\d{1,3}(,\d{3})*(\.\d+)?[%€$£¥]?\)?$/;
const withDecimalComma = /^[-+]?[€£]?\d+(,\d+)?[%€£]?$/;

/** Every one a number in one of two manners of writing, and one at least with a sign that no plain number has. */
function areWrittenNumbers(dictionary: readonly string[]): boolean {
  const markers = new Set(missingMarkers);
  const texts = dictionary
    .slice(0, textsOfGlance)
    .filter((text) => !markers.has(text))
    .map((text) => text.replace(/\s/g, ''));
  if (!texts.some((text) => /[,%$€£¥]/.test(text))) return false;
  return texts.every((text) => withThousands.test(text)) || texts.every((text) => withDecimalComma.test(text));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
