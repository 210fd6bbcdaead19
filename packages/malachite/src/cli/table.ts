/** Records as aligned columns: a header, a rule, a line a record. Numbers stand right. */

export type Cell = string | number | boolean | null | undefined;

/** Longest prose a cell shows; longer ones end in "…". Texts without a blank (addresses, ids) are shown whole, to be copied. */
const widest = 60;

export function renderTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => header.map((_, column) => cellText(row[column])));
  const rightAligned = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => row[column] === null || typeof row[column] === 'number'),
  );
  const widths = header.map((title, column) => Math.max(title.length, ...texts.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, column) => (rightAligned[column] ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)].join('\n');
}

/** A number as people read it: whole numbers whole, others with five significant digits. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return numberText(cell);
  const text = String(cell).replaceAll(/\s+/g, ' ');
  return text.length > widest && text.includes(' ') ? `${text.slice(0, widest - 1)}…` : text;
}
