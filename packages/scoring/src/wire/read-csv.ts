/** CSV as RFC 4180 has it: commas, quotes doubled inside quotes, lines that end in CRLF or LF. */
import { MalachiteError } from '@malachite/core/errors';

/**
 * @returns one list of texts a line; empty lines are left out, and `""` is a line of one empty text, as pandas writes it
 * @throws InvalidInput for a quote that is never closed
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  let isEmpty = true;
  const endRow = (): void => {
    if (!isEmpty) rows.push(row);
    row = [];
    isEmpty = true;
  };
  while (at < text.length) {
    const quoted = text[at] === '"';
    const end = quoted ? closingQuote(text, at + 1) : nextBreak(text, at);
    if (end === -1) throw new MalachiteError('InvalidInput', `A quote in line ${rows.length + 1} of the CSV is never closed.`);
    if (quoted || end > at) isEmpty = false;
    row.push(quoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end));
    at = quoted ? nextBreak(text, end + 1) : end;
    if (text[at] === ',') {
      at++;
      isEmpty = false;
      // A comma at the very end still begins a value.
      if (at === text.length) row.push('');
      continue;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    endRow();
  }
  if (row.length > 0) endRow();
  return rows;
}

const BYTE_ORDER_MARK = 0xfeff;

/** Where the value that begins at `from` ends. */
function nextBreak(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
